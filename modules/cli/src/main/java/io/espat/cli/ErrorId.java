package io.espat.cli;

import static io.espat.cli.ExitCode.CANNOT_CREATE;
import static io.espat.cli.ExitCode.DENIED;
import static io.espat.cli.ExitCode.DEVICE;
import static io.espat.cli.ExitCode.MODULE;
import static io.espat.cli.ExitCode.NO_HOST;
import static io.espat.cli.ExitCode.NO_INPUT;
import static io.espat.cli.ExitCode.PROTOCOL;
import static io.espat.cli.ExitCode.REJECTED;
import static io.espat.cli.ExitCode.TEMPORARY;
import static io.espat.cli.ExitCode.TLS_HANDSHAKE;
import static io.espat.cli.ExitCode.TLS_PIN;
import static io.espat.cli.ExitCode.TLS_UNTRUSTED;
import static io.espat.cli.ExitCode.UNAVAILABLE;
import static io.espat.cli.ExitCode.USAGE;

import java.util.Optional;

/** Every failure that has a name: its exit code, its headline, and what usually helps. */
enum ErrorId {
  USAGE_("E-USAGE", USAGE, "wrong options", ""),
  FILE_READ(
      "E-FILE-READ", NO_INPUT, "a local file cannot be read", "check the path and its permissions"),
  FILE_WRITE(
      "E-FILE-WRITE",
      CANNOT_CREATE,
      "a local file cannot be written",
      "check the folder, its permissions and the free space"),

  DEV_MISSING(
      "E-DEV-MISSING",
      DEVICE,
      "the device was not found",
      "plug the module in, or name another one with --device; espat ports lists them"),
  DEV_BUSY(
      "E-DEV-BUSY",
      DEVICE,
      "another program holds the device",
      "close the terminal program or the modem manager that has it open"),
  DEV_PERM(
      "E-DEV-PERM",
      DEVICE,
      "no permission to open the device",
      "join the group that owns it (usually dialout or uucp) and log in again"),
  DEV_NATIVE(
      "E-DEV-NATIVE",
      DEVICE,
      "the serial library could not be loaded",
      "the temporary folder may forbid programs (noexec): set TMPDIR to one that allows them"),
  DEV_LINE(
      "E-DEV-LINE",
      DEVICE,
      "the line to the module cannot do what was asked",
      "check the RTS, CTS and reset wires, or leave --flow and --reset out"),

  AT_BAUD(
      "E-AT-BAUD",
      MODULE,
      "the module answers at another speed",
      "name its speed with --baud, or let espat look for it: --baud auto"),
  AT_BOOT(
      "E-AT-BOOT",
      MODULE,
      "the module is in its boot loader or restarts",
      "check its power supply and the boot pins, then try again"),
  AT_SILENT(
      "E-AT-SILENT",
      MODULE,
      "the module does not answer",
      "check wiring, power and speed (--baud auto), and that AT firmware is on the module"),
  AT_LOST(
      "E-AT-LOST",
      MODULE,
      "the module was lost",
      "check its cable and power supply, and that no other program uses it; then try again"),
  AT_ERROR(
      "E-AT-ERROR",
      MODULE,
      "the module refused a command",
      "look at the module's words; espat info shows its firmware"),

  WIFI_ABSENT(
      "E-WIFI-ABSENT",
      TEMPORARY,
      "the module is not joined to a network",
      "espat wifi join SSID joins one, which the module keeps; espat wifi scan shows what is in range"),
  WIFI_TIMEOUT(
      "E-WIFI-TIMEOUT",
      TEMPORARY,
      "joining the network took too long",
      "move the module nearer to the access point, then try again"),
  WIFI_PASSPHRASE(
      "E-WIFI-PASSPHRASE", DENIED, "the network refused the passphrase", "check the passphrase"),
  WIFI_MISSING(
      "E-WIFI-MISSING",
      TEMPORARY,
      "the network is not in range",
      "check its name; ESP32 and ESP8266 see 2.4 GHz networks only"),
  WIFI_FAILED(
      "E-WIFI-FAILED",
      TEMPORARY,
      "the network could not be joined",
      "try again; look into the access point's log"),

  NET_DNS(
      "E-NET-DNS",
      NO_HOST,
      "the host name was not found",
      "check the spelling and the module's network, or give the address with"
          + " --resolve HOST:PORT:ADDRESS"),
  NET_REFUSED(
      "E-NET-REFUSED",
      UNAVAILABLE,
      "the connection was refused",
      "check the port number, and that the server runs and lets the module's network in"),
  NET_TIMEOUT(
      "E-NET-TIMEOUT",
      TEMPORARY,
      "the server did not answer in time",
      "try again; if it stays so, look for a firewall, or raise --connect-timeout and --timeout"),
  NET_LISTEN(
      "E-NET-LISTEN",
      UNAVAILABLE,
      "the address to listen on cannot be used",
      "end the program that has it, or choose another port with --listen"),
  NET_LOST("E-NET-LOST", TEMPORARY, "the connection was lost", "try again"),
  TIME_MAX(
      "E-TIME-MAX",
      TEMPORARY,
      "the time given with --max-time is over",
      "try again, or raise --max-time"),

  STARTTLS_ABSENT(
      "E-STARTTLS-ABSENT",
      UNAVAILABLE,
      "the server offers no encryption on this port",
      "use --tls implicit if it has a TLS port (465, 990); if it used to offer STARTTLS, somebody"
          + " on the way may be removing it"),
  STARTTLS_TEMP(
      "E-STARTTLS-TEMP", TEMPORARY, "the server cannot encrypt at the moment", "try again later"),
  STARTTLS_REFUSED(
      "E-STARTTLS-REFUSED",
      UNAVAILABLE,
      "the server refused to encrypt",
      "use --tls implicit if it has a TLS port (465, 990), or ask its administrator"),
  STARTTLS_INJECT(
      "E-STARTTLS-INJECT",
      PROTOCOL,
      "bytes arrived in clear behind the reply that starts TLS",
      "somebody on the way may be attacking the connection; try from another network and tell"
          + " the server's administrator"),

  TLS_ISSUER(
      "E-TLS-ISSUER",
      TLS_UNTRUSTED,
      "server certificate not trusted",
      "if the server is yours, give its CA with --cacert FILE"),
  TLS_EXPIRED(
      "E-TLS-EXPIRED",
      TLS_UNTRUSTED,
      "server certificate has expired",
      "ask the server's administrator to renew it, and check this computer's clock"),
  TLS_CLOCK(
      "E-TLS-CLOCK",
      TLS_UNTRUSTED,
      "server certificate is not valid yet",
      "check this computer's clock"),
  TLS_NAME(
      "E-TLS-NAME",
      TLS_UNTRUSTED,
      "server certificate is for another name",
      "use the name in the certificate with --server, or, if this is your own server, --tls-name"),
  TLS_PIN_(
      "E-TLS-PIN",
      TLS_PIN,
      "server key does not match the pin",
      "if the server changed its key, replace --pinnedpubkey or --tls-fingerprint; otherwise"
          + " somebody may be in between"),
  TLS_HANDSHAKE_(
      "E-TLS-HANDSHAKE",
      TLS_HANDSHAKE,
      "TLS could not be agreed",
      "check --tls-min and --tls-max against what the server speaks"),

  AUTH_DENIED(
      "E-AUTH-DENIED",
      DENIED,
      "the server refused the login",
      "check the user name and the password; some providers want an app password"),
  AUTH_MECH(
      "E-AUTH-MECH",
      UNAVAILABLE,
      "the server offers no login that espat can do",
      "see which mechanisms it offers; --auth chooses one of PLAIN and LOGIN"),
  AUTH_TOKEN("E-AUTH-TOKEN", DENIED, "the token has expired", "get a new token from your provider"),

  SMTP_REJECTED(
      "E-SMTP-REJECTED",
      REJECTED,
      "the server rejected the mail",
      "read the server's words: sender, recipients and content must be acceptable to it"),
  SMTP_TEMP(
      "E-SMTP-TEMP",
      TEMPORARY,
      "the server does not take the mail now",
      "try again later; a server that meets you for the first time may ask for that"),
  SMTP_PROTOCOL(
      "E-SMTP-PROTOCOL",
      PROTOCOL,
      "the server's answer is not SMTP",
      "check --server and --port: 587 is for STARTTLS, 465 for --tls implicit"),
  SMTP_UNKNOWN(
      "E-SMTP-UNKNOWN",
      TEMPORARY,
      "it is not known whether the mail was accepted",
      "look for it at the recipient before you try again: it may arrive twice"),

  SMTP_LOST(
      "E-SMTP-LOST", TEMPORARY, "the connection was lost, the mail was not sent", "try again"),
  SMTP_TIMEOUT(
      "E-SMTP-TIMEOUT",
      TEMPORARY,
      "the server did not answer in time, the mail was not sent",
      "try again, or raise --timeout"),
  SMTP_SIZE(
      "E-SMTP-SIZE",
      REJECTED,
      "the mail is larger than the server takes",
      "make the attachments smaller, or upload them"),
  SMTP_UTF8(
      "E-SMTP-UTF8",
      REJECTED,
      "the mail needs SMTPUTF8, which the server does not speak",
      "use addresses and headers in ASCII"),
  SMTP_ADDRESS("E-SMTP-ADDRESS", REJECTED, "an address cannot be used", "write NAME@DOMAIN"),
  SMTP_CONTENT(
      "E-SMTP-CONTENT",
      REJECTED,
      "the message is malformed",
      "it must be an RFC 5322 message: headers, an empty line, the text"),

  FTP_REUSE(
      "E-FTP-REUSE",
      UNAVAILABLE,
      "the server wants the TLS session reused and did not take ours",
      "try --tls-max 1.2"),
  FTP_MISSING(
      "E-FTP-MISSING",
      NO_INPUT,
      "the remote file was not found",
      "espat ls shows what the server has"),
  FTP_CREATE(
      "E-FTP-CREATE",
      CANNOT_CREATE,
      "the remote file cannot be written",
      "check the remote folder, its permissions and the space there"),
  FTP_SIZE("E-FTP-SIZE", TEMPORARY, "the file's size is wrong after the transfer", "try again"),
  FTP_TRUNCATED(
      "E-FTP-TRUNCATED", TEMPORARY, "the transfer ended before the file did", "try again"),
  FTP_LOST(
      "E-FTP-LOST",
      TEMPORARY,
      "the connection was lost",
      "try again; under its name the server has the old file or the whole new one, and what"
          + " arrived of an upload may be in NAME.part"),
  FTP_TEMP("E-FTP-TEMP", TEMPORARY, "the server cannot do that now", "try again later"),
  FTP_REJECTED(
      "E-FTP-REJECTED", REJECTED, "the server refused the command", "read the server's words"),
  FTP_PROTOCOL(
      "E-FTP-PROTOCOL",
      PROTOCOL,
      "the server's answer is not FTP",
      "check --server and --port: 21 is for AUTH TLS, 990 for --tls implicit"),

  PROTOCOL_("E-PROTOCOL", PROTOCOL, "a reply could not be understood", "run again with -vv"),
  DEMO_MISMATCH(
      "E-DEMO",
      ExitCode.INTERNAL,
      "the demonstration did not prove what it should",
      "please report it with the output of espat demo -vv"),
  INTERNAL_(
      "E-INTERNAL",
      ExitCode.INTERNAL,
      "a fault in espat",
      "please report it with the output of the same command and -vv (secrets are left out of it)");

  private final String text;
  private final ExitCode code;
  private final String what;
  private final String remedy;

  ErrorId(String text, ExitCode code, String what, String remedy) {
    this.text = text;
    this.code = code;
    this.what = what;
    this.remedy = remedy;
  }

  /** The id as messages show it, such as {@code E-TLS-NAME}. */
  String text() {
    return text;
  }

  ExitCode code() {
    return code;
  }

  String what() {
    return what;
  }

  String remedy() {
    return remedy;
  }

  static Optional<ErrorId> of(String text) {
    for (ErrorId each : values()) {
      if (each.text.equals(text)) return Optional.of(each);
    }
    return Optional.empty();
  }
}
