package io.espat.smtp;

import io.espat.tls.TlsVersion;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's word that it has taken over a mail, and how the mail came there.
 *
 * @param recipients one entry for each recipient, in the order of the envelope
 * @param reply the server's words to the final dot, such as {@code 250 2.0.0 queued as 4Xy}
 * @param messageId the Message-ID of the mail with its angle brackets, null when it has none
 * @param tlsVersion null when the mail went in clear ({@code TlsMode.NONE})
 * @param suite the cipher suite by its IANA name, null when the mail went in clear
 * @param certificate the server's certificate, null when the mail went in clear
 * @param resumed whether an earlier TLS session was resumed
 * @param server the server's name or address and port
 * @param size octets of the message as sent, without the dots that stand for dots
 */
public record SmtpReceipt(
    List<RecipientResult> recipients,
    String reply,
    @Nullable String messageId,
    @Nullable TlsVersion tlsVersion,
    @Nullable String suite,
    @Nullable X509Certificate certificate,
    boolean resumed,
    InetSocketAddress server,
    long size) {
  /** Copies the list. */
  public SmtpReceipt {
    recipients = List.copyOf(recipients);
  }

  /** The server's words and the TLS version, as in {@code 250 2.0.0 queued as 4Xy (TLSv1.3)}. */
  @Override
  public String toString() {
    return reply + " (" + (tlsVersion == null ? "not encrypted" : tlsVersion.protocol()) + ")";
  }
}
