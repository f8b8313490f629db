package io.espat.examples;

import io.espat.at.EspAtModule;
import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpReceipt;
import io.espat.tls.TlsConfig;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Date;
import java.util.Properties;

/** Sends one mail through the module, by STARTTLS. */
public final class SendMail {
  private SendMail() {}

  /**
   * Takes: device, server, port, user, password file, sender, recipient, and a CA file if the
   * server's certificate is not from a public CA.
   */
  public static void main(String[] args) throws IOException, MessagingException {
    if (args.length < 7) {
      System.err.println("SendMail DEVICE HOST PORT USER PASSWORD-FILE FROM TO [CA.pem]");
      return;
    }
    TlsConfig.Builder trust = TlsConfig.builder(); // the CAs of the Java installation, and
    if (args.length > 7) trust.trustFile(Path.of(args[7])); // your own

    char[] password = PasswordFile.read(Path.of(args[4]));
    try (EspAtModule module = EspAtModule.open(args[0]);
        SmtpClient smtp =
            SmtpClient.builder(args[1])
                .port(Integer.parseInt(args[2]))
                .sockets(module.sockets()) // every byte goes through the module
                .tls(trust.build())
                .login(args[3], password)
                .build()) {
      SmtpReceipt receipt = smtp.send(message(args[5], args[6]));
      System.out.println(receipt); // 250 2.0.0 queued as 4Xy (TLSv1.3)
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static MimeMessage message(String from, String to) throws MessagingException {
    Properties properties = new Properties();
    // Without it Jakarta Mail asks the host's resolver for a name to put into the Message-ID.
    properties.put("mail.from", from);
    MimeMessage message = new MimeMessage(Session.getInstance(properties));
    message.setFrom(new InternetAddress(from));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
    message.setSubject("pump 7 hot", "UTF-8");
    message.setSentDate(new Date());
    message.setText("83 °C since noon.\r\n", "UTF-8");
    return message;
  }
}
