package io.espat.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.tls.TlsMode;
import io.espat.tls.TlsVersion;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** What a real server (SubEthaSMTP, STARTTLS and login required) received, octet by octet. */
class SmtpDeliveryTest {
  private record Mail(String from, List<String> to, String octets) {}

  @TempDir private Path folder;
  private final List<Mail> received = new CopyOnWriteArrayList<>();
  private SMTPServer server;

  @BeforeEach
  void startTheServer() {
    server =
        SMTPServer.port(0)
            .hostName(LoopbackSockets.NAME)
            .insertReceivedHeaders(false)
            .enableTLS(true)
            .requireTLS(true)
            .requireAuth(true)
            .maxMessageSize(20_000_000)
            .startTlsSocketFactory(Conversation.CONTEXT)
            .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory(this::login))
            .messageHandlerFactory(context -> new Mailbox())
            .build();
    server.start();
  }

  private void login(String user, String password, Object context) throws LoginFailedException {
    if (!user.equals(Conversation.USER) || !password.equals(Conversation.PASSWORD)) {
      throw new LoginFailedException();
    }
  }

  @AfterEach
  void stopTheServer() {
    server.stop();
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aFileArrivesOctetForOctet(TlsVersion version) throws IOException {
    String text =
        "From: me@here\r\nBcc: hidden@there\r\nSubject: \u00e4\u00f6\r\nX-Long: "
            + "x".repeat(3000)
            + "\r\n\r\n.\r\n..\r\n.a\r\na.\r\n\r\n.\r\n\u0001\u00ff\u0080\r\nlone\rCR\r\n"
            + "y".repeat(5000)
            + "\r\nlast line";
    try (SmtpClient client =
        Conversation.client(server.getPortAllocated())
            .tls(Conversation.trusting(version, version))
            .build()) {
      SmtpReceipt receipt = client.send(file(text), "me@here", List.of("a@there", "b@there"));
      assertThat(receipt.tlsVersion()).isEqualTo(version);
      assertThat(receipt.recipients()).hasSize(2).allMatch(RecipientResult::accepted);
      assertThat(receipt.messageId()).isNull();
    }
    String sent = text.replace("Bcc: hidden@there\r\n", "") + "\r\n";
    assertThat(received).extracting(Mail::octets).containsOnly(sent);
    assertThat(received).extracting(Mail::to).containsExactly(List.of("a@there", "b@there"));
    assertThat(received).extracting(Mail::from).containsOnly("me@here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "Subject: only a header\n",
        "Subject: no body\n\n",
        "Subject: s\n\n.",
        "Subject: s\n\n.\n.\n",
        "Subject: s\n\nmixed\r\nline\nends\r\n\r\n\n"
      })
  void oddFilesArriveToo(String text) throws IOException {
    try (SmtpClient client = Conversation.client(server.getPortAllocated()).build()) {
      client.send(file(text), "", List.of("a@there"));
    }
    String ended = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    assertThat(received)
        .extracting(Mail::octets)
        .containsExactly(ended.replaceAll("\r?\n", "\r\n"));
  }

  @Test
  void aLargeFileOfAnyOctetsArrives() throws IOException {
    byte[] octets = new byte[5 << 20];
    new Random(7).nextBytes(octets);
    String body = new String(octets, ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
    String text = "Subject: large\r\n\r\n" + body + "\r\n";
    Progress progress = new Progress();
    try (SmtpClient client =
        Conversation.client(server.getPortAllocated()).listener(progress).build()) {
      assertThat(client.send(file(text), "me@here", Conversation.TO).size())
          .isEqualTo(text.length());
    }
    assertThat(received.get(0).octets().equals(text)).isTrue();
    assertThat(progress.last).isEqualTo(progress.total).isGreaterThanOrEqualTo(text.length());
  }

  @Test
  void aMessageWithAnAttachmentArrives() throws Exception {
    byte[] attachment = new byte[5 << 20];
    new Random(8).nextBytes(attachment);
    MimeMessage message = message();
    MimeBodyPart text = new MimeBodyPart();
    text.setText("Gr\u00fc\u00dfe\n.\nEnde", "utf-8");
    MimeBodyPart file = new MimeBodyPart();
    file.setDataHandler(
        new DataHandler(new ByteArrayDataSource(attachment, "application/octet-stream")));
    file.setFileName("log.bin");
    message.setContent(new MimeMultipart(text, file));
    message.setRecipients(Message.RecipientType.BCC, "hidden@there");
    SmtpReceipt receipt;
    try (SmtpClient client = Conversation.client(server.getPortAllocated()).build()) {
      receipt = client.send(message);
    }
    assertThat(received).extracting(Mail::to).containsExactly(List.of("you@there", "hidden@there"));
    MimeMessage arrived = parsed(received.get(0).octets());
    assertThat(arrived.getHeader("Bcc")).isNull();
    assertThat(received.get(0).octets().contains("hidden@")).isFalse();
    assertThat(arrived.getMessageID()).isEqualTo(receipt.messageId()).endsWith("@here>");
    MimeMultipart parts = (MimeMultipart) arrived.getContent();
    assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Gr\u00fc\u00dfe\r\n.\r\nEnde");
    assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(attachment);
    assertThat(message.getMessageID()).as("the caller's message is left alone").isNull();
  }

  @Test
  void aParsedMessageArrivesAsItWasSigned() throws Exception {
    String text =
        "DKIM-Signature: v=1; b=abc\r\nfrom:  me@here\r\nTo: you@there\r\n\r\nold  \r\n.style\r\n";
    try (SmtpClient client = Conversation.client(server.getPortAllocated()).build()) {
      client.send(parsed(text));
    }
    assertThat(received).extracting(Mail::octets).containsExactly(text);
  }

  @Test
  void eachMailHasItsOwnConnectionAndTheClientGoesOn() throws IOException {
    LoopbackSockets sockets = new LoopbackSockets(server.getPortAllocated());
    try (SmtpClient client =
        Conversation.client(server.getPortAllocated()).sockets(sockets).build()) {
      for (int i = 0; i < 3; i++) client.send(file("N: " + i + "\n"), "me@here", Conversation.TO);
    }
    assertThat(received)
        .extracting(Mail::octets)
        .containsExactly("N: 0\r\n", "N: 1\r\n", "N: 2\r\n");
    assertThat(sockets.made()).hasSize(3).allMatch(Socket::isClosed);
  }

  @Test
  void serverOctetsMayComeOneByOne() throws IOException {
    LoopbackSockets slow = new LoopbackSockets(server.getPortAllocated(), 1);
    try (SmtpClient client = Conversation.client(server.getPortAllocated()).sockets(slow).build()) {
      client.send(file("S: s\n\nbody\n"), "me@here", Conversation.TO);
    }
    assertThat(received).hasSize(1);
  }

  @Test
  void aWrongPasswordIsDenied() throws IOException {
    Path file = file("S: s\n\nbody\n");
    try (SmtpClient client =
        Conversation.client(server.getPortAllocated())
            .login("pump7", "wrong".toCharArray())
            .build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(file, "me@here", Conversation.TO));
      assertThat(e.id()).isEqualTo("E-AUTH-DENIED");
    }
    assertThat(received).isEmpty();
  }

  @Test
  void aServerThatDemandsTlsGetsNoMailInClear() throws IOException {
    Path file = file("S: s\n\nbody\n");
    try (SmtpClient client =
        SmtpClient.builder(LoopbackSockets.NAME)
            .sockets(new LoopbackSockets(server.getPortAllocated()))
            .mode(TlsMode.NONE)
            .build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(file, "me@here", Conversation.TO));
      assertThat(e.id()).isEqualTo("E-AUTH-DENIED");
    }
    assertThat(received).isEmpty();
  }

  @Test
  void aMissingFileIsNoticedBeforeTheServerIsCalled() {
    LoopbackSockets sockets = new LoopbackSockets(server.getPortAllocated());
    try (SmtpClient client =
        Conversation.client(server.getPortAllocated()).sockets(sockets).build()) {
      Path missing = folder.resolve("missing.eml");
      assertThat(
              catchThrowableOfType(
                  NoSuchFileException.class,
                  () -> client.send(missing, "me@here", Conversation.TO)))
          .isNotNull();
    }
    assertThat(sockets.made()).isEmpty();
  }

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("mail.eml"), text.getBytes(ISO_8859_1));
  }

  private static MimeMessage message() throws MessagingException {
    MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
    message.setFrom(new InternetAddress("me@here"));
    message.setRecipients(Message.RecipientType.TO, "you@there");
    message.setSubject("s");
    return message;
  }

  private static MimeMessage parsed(String octets) throws MessagingException {
    return new MimeMessage(
        Session.getInstance(new Properties()),
        new ByteArrayInputStream(octets.getBytes(ISO_8859_1)));
  }

  private final class Mailbox implements MessageHandler {
    private final List<String> to = new ArrayList<>();
    private String from = "";

    @Override
    public void from(String address) {
      from = address;
    }

    @Override
    public void recipient(String address) {
      to.add(address);
    }

    @Override
    public String data(InputStream octets) throws IOException {
      received.add(new Mail(from, List.copyOf(to), new String(octets.readAllBytes(), ISO_8859_1)));
      return "queued";
    }

    @Override
    public void done() {}
  }

  private static final class Progress implements SmtpListener {
    private volatile long last;
    private volatile long total;

    @Override
    public void progress(long sent, long all) {
      assertThat(sent).isGreaterThanOrEqualTo(last);
      last = sent;
      total = all;
    }
  }
}
