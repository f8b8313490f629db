package io.espat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;

/** The versions of the program and of what it stands on, as the build wrote them down. */
final class Versions {
  private Versions() {}

  static List<String> lines() {
    Properties built = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in != null) built.load(in);
    } catch (IOException e) {
      built.clear();
    }
    return List.of(
        "espat " + built.getProperty("espat", "unknown"),
        "Java "
            + System.getProperty("java.runtime.version")
            + ", "
            + System.getProperty("java.vm.name"),
        "TLS: Bouncy Castle " + built.getProperty("bouncycastle", "unknown"),
        "serial: jSerialComm " + built.getProperty("jserialcomm", "unknown"));
  }
}
