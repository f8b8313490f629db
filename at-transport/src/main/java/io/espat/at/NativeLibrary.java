package io.espat.at;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Unpacks jSerialComm's native library where nobody else can have put one.
 *
 * <p>Left alone it looks first in a predictable folder below the world-writable temporary one and
 * loads what it finds there.
 */
final class NativeLibrary {
  private static final String PATH = "jSerialComm.library.path";
  private static final Map<String, List<String>> KINDS =
      Map.of(
          "Linux",
          List.of(
              "x86_64", "x86", "armv5", "armv6hf", "armv7hf", "armv8_64", "armv8_32", "ppc64le"),
          "OSX",
          List.of("x86_64", "aarch64", "x86"),
          "Windows",
          List.of("x86_64", "x86", "aarch64", "armv7"),
          "FreeBSD",
          List.of("x86_64", "x86", "arm64"),
          "OpenBSD",
          List.of("amd64", "x86"),
          "Solaris",
          List.of("x86_64", "x86", "sparcv8plus_32", "sparcv9_64"));

  private NativeLibrary() {}

  /** Runs once, before the first use of jSerialComm; a path that is already set is respected. */
  static synchronized void prepare() throws IOException {
    if (!System.getProperty(PATH, "").isEmpty()) {
      return;
    }
    String system = system(System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
    // createTempDirectory makes it 0700 where the file system knows permissions
    Path folder = Files.createTempDirectory("espat-serial-");
    folder.toFile().deleteOnExit();
    for (String kind : KINDS.getOrDefault(system, List.of())) {
      unpack(folder, system, kind);
    }
    System.setProperty(PATH, folder.toString());
  }

  private static void unpack(Path folder, String system, String kind) throws IOException {
    String file =
        switch (system) {
          case "Windows" -> "jSerialComm.dll";
          case "OSX" -> "libjSerialComm.jnilib";
          default -> "libjSerialComm.so";
        };
    String resource = "/" + system + "/" + kind + "/" + file;
    try (InputStream in = SerialByteStream.resource(resource)) {
      if (in == null) {
        return;
      }
      Path parent = Files.createDirectories(folder.resolve(system).resolve(kind));
      // deleteOnExit works backwards: the deepest is named last
      parent.getParent().toFile().deleteOnExit();
      parent.toFile().deleteOnExit();
      Path library = parent.resolve(file);
      library.toFile().deleteOnExit();
      Files.copy(in, library);
    }
  }

  private static String system(String name) {
    if (name.contains("win")) {
      return name.contains("darwin") ? "OSX" : "Windows";
    }
    if (name.contains("mac")) {
      return "OSX";
    }
    if (name.contains("freebsd")) {
      return "FreeBSD";
    }
    if (name.contains("openbsd")) {
      return "OpenBSD";
    }
    return name.contains("sunos") || name.contains("solaris") ? "Solaris" : "Linux";
  }
}
