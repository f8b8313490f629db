package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixtures themselves: a server greets, and nothing of it is left behind. */
class ServersIT {
  private final TestAuthority authority = TestAuthority.create("espat test CA");

  @Test
  void postfixGreetsAndLeavesNothingBehind() throws Exception {
    int port;
    List<ProcessHandle> processes;
    try (PostfixServer server = PostfixServer.start(authority.issue("mail.test"))) {
      port = server.port();
      assertThat(greeting(port)).startsWith("220 mail.test ESMTP");
      assertThat(processes = ProcessHandle.current().descendants().toList()).isNotEmpty();
    }
    assertNobodyListens(port);
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
  }

  @ParameterizedTest
  @MethodSource("io.espat.interop.FtpSoftware#all")
  void theFtpServersGreetAndLeaveNothingBehind(FtpSoftware software) throws Exception {
    int port;
    Path home;
    List<ProcessHandle> processes;
    try (FtpServer server = FtpServer.start(software, authority.issue("files.test"))) {
      port = server.port();
      home = server.home();
      assertThat(greeting(port)).startsWith("220");
      assertThat(home).isDirectory();
      assertThat(processes = ProcessHandle.current().descendants().toList()).isNotEmpty();
    }
    assertNobodyListens(port);
    assertThat(home.getParent()).doesNotExist();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
  }

  private static String greeting(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      byte[] start = socket.getInputStream().readNBytes(20);
      return new String(start, StandardCharsets.US_ASCII);
    }
  }

  private static void assertNobodyListens(int port) {
    assertThatThrownBy(() -> greeting(port)).isInstanceOf(ConnectException.class);
  }
}
