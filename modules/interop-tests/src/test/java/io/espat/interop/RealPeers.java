package io.espat.interop;

import io.espat.sim.TestAuthority;
import java.io.IOException;

/** postfix and vsftpd. */
final class RealPeers implements Peers {
  private final TestAuthority authority = TestAuthority.create("espat test CA");
  private final PostfixServer mail;
  private final FtpServer files;

  RealPeers() throws IOException {
    mail = PostfixServer.start(authority.issue("mail.test"));
    try {
      files = FtpServer.start(new Vsftpd(), authority.issue("files.test"));
    } catch (IOException e) {
      mail.close();
      throw e;
    }
  }

  @Override
  public TestAuthority authority() {
    return authority;
  }

  @Override
  public int mailPort() {
    return mail.port();
  }

  @Override
  public Account mailAccount() {
    return mail.account();
  }

  @Override
  public byte[] awaitMail() throws IOException {
    return mail.awaitMessage();
  }

  @Override
  public int filesPort() {
    return files.port();
  }

  @Override
  public Account filesAccount() {
    return files.account();
  }

  @Override
  public void close() throws IOException {
    try (mail) {
      files.close();
    }
  }
}
