package io.espat.cli;

import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpListener;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import javax.net.SocketFactory;

/** The demonstration's mail: sent by STARTTLS, then compared with what the server delivered. */
record DemoMail(Run run, DemoText text, DemoServers servers, DemoSecrets secrets) {
  private static final String FROM = "pump7@espat.test";
  private static final String TO = "ops@espat.test";
  private static final int LOG_LINES = 1500;

  void send(SocketFactory sockets, TlsConfig trust, SmtpListener listener)
      throws IOException, FailureException {
    text.chapter("a mail with an attachment, by STARTTLS");
    ServerAddress address =
        new ServerAddress(DemoServers.MAIL_HOST, servers.mailPort(), TlsMode.STARTTLS);
    run.scene().server(Protocol.MAIL, address);
    Path log = Files.createTempFile("espat-demo-", ".csv");
    try (Secret password = new Secret(secrets.password().toCharArray());
        SmtpClient client =
            run.hold(
                SmtpClient.builder(address.host())
                    .port(address.port())
                    .sockets(sockets)
                    .tls(trust)
                    .ehlo(secrets.control())
                    .login(DemoServers.USER, password.chars())
                    .listener(listener)
                    .build())) {
      Files.writeString(log, (secrets.mailMarker() + ";83.4 C\n").repeat(LOG_LINES));
      Draft draft = draft(log);
      client.send(draft, FROM, List.of(TO));
      prove(draft, log);
    } catch (MessagingException e) {
      throw new IOException("composing the mail: " + Causes.words(e), e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private Draft draft(Path log) throws MessagingException {
    return Draft.of(
        new Draft.Content(
            new Draft.Addresses(
                new InternetAddress(FROM), List.of(new InternetAddress(TO)), List.of(), List.of()),
            "pump 7 is hot",
            "83 C since noon, see the log.\n" + secrets.mailMarker() + "\n",
            null,
            List.of(new Draft.Attachment(log, "text/csv", "pump7.csv")),
            List.of()),
        Instant.now());
  }

  private void prove(Draft draft, Path log)
      throws IOException, MessagingException, FailureException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    draft.writeTo(sent);
    byte[] received = servers.delivered();
    same("message", Digests.of(sent.toByteArray()), Digests.of(received));
    same("attachment", Digests.of(log), Digests.of(attachment(received)));
  }

  private static byte[] attachment(byte[] message) throws IOException, MessagingException {
    Session session = Session.getInstance(new Properties());
    MimeMessage parsed = new MimeMessage(session, new ByteArrayInputStream(message));
    if (!(parsed.getContent() instanceof MimeMultipart parts)) return new byte[0];
    BodyPart last = parts.getBodyPart(parts.getCount() - 1);
    return last.getInputStream().readAllBytes();
  }

  private void same(String what, String sent, String received) throws FailureException {
    boolean same = sent.equals(received);
    text.check(
        what,
        "SHA-256 " + Digests.brief(sent) + (same ? " sent and delivered" : " sent, not delivered"),
        same);
    Demo.demand(same, "the " + what + " arrived changed: " + sent + " became " + received);
  }
}
