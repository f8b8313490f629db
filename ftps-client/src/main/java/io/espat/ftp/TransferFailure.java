package io.espat.ftp;

import io.espat.tls.CertificateRejectedException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gives the failure of a data connection its name, from what broke and what the server said. */
final class TransferFailure {
  private TransferFailure() {}

  /**
   * Names a failure of a data connection.
   *
   * @param broke what was noticed first, or null if only the server's reply tells of a failure
   * @param late the reply to the transfer command, or null if none came
   * @param handshaken true if the data connection's TLS handshake succeeded
   * @param resumed true if it resumed the control connection's session
   * @param permanentId the id of a 5xx that says nothing of the session
   */
  static IOException of(
      FtpsStage stage,
      String attempted,
      @Nullable IOException broke,
      @Nullable FtpReply late,
      boolean handshaken,
      boolean resumed,
      String permanentId) {
    if (broke instanceof CertificateRejectedException) return broke;
    if (late != null && isReuseRefusal(late, handshaken, resumed)) {
      return FtpsException.at(FtpsStage.DATA)
          .reply(late)
          .isTransient(false)
          .id("E-FTP-REUSE")
          .cause(broke)
          .because(attempted + ": the server wants data connections to resume the TLS session");
    }
    IOException told = broke == null ? null : FtpsException.told(stage, attempted, broke);
    boolean truncated = told instanceof FtpsException e && e.id().equals("E-FTP-TRUNCATED");
    if (late == null || late.isPositive() || truncated) {
      return told != null ? told : unexpected(stage, attempted, late);
    }
    return FtpsException.at(stage)
        .refused(late, permanentId)
        .cause(broke)
        .because(attempted + ": " + stage + " failed");
  }

  private static IOException unexpected(
      FtpsStage stage, String attempted, @Nullable FtpReply late) {
    return FtpsException.at(stage).reply(late).because(attempted + ": " + stage + " failed");
  }

  /**
   * vsftpd says 522; ProFTPD says 425 and others 450, which may mean other things too: then the
   * session must not have been resumed, or the words must speak of it.
   */
  static boolean isReuseRefusal(FtpReply reply, boolean handshaken, boolean resumed) {
    String words = reply.text().toLowerCase(Locale.ROOT);
    boolean speaksOfIt =
        words.contains("reuse") || words.contains("resum") || words.contains("session");
    return switch (reply.code()) {
      case 522 -> handshaken || speaksOfIt;
      case 425, 450 -> speaksOfIt || handshaken && !resumed;
      default -> false;
    };
  }
}
