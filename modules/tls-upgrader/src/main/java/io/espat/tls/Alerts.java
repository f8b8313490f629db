package io.espat.tls;

import java.util.Map;
import org.bouncycastle.tls.AlertDescription;

/** TLS alerts (RFC 8446 section 6) in words. */
final class Alerts {
  private static final Map<Short, String> MEANINGS =
      Map.ofEntries(
          Map.entry(
              AlertDescription.handshake_failure,
              "the server shares no cipher suite or key exchange with this client, or wants a"
                  + " client certificate"),
          Map.entry(
              AlertDescription.insufficient_security,
              "the server wants stronger cipher suites than are offered"),
          Map.entry(
              AlertDescription.protocol_version,
              "the versions of TLS that are allowed on the two sides have none in common"),
          Map.entry(
              AlertDescription.unrecognized_name,
              "the server does not know the name that it was called by"),
          Map.entry(AlertDescription.certificate_required, "the server wants a client certificate"),
          Map.entry(AlertDescription.access_denied, "the server does not let this client in"),
          Map.entry(
              AlertDescription.bad_certificate, "the certificate was refused by the other side"),
          Map.entry(AlertDescription.unknown_ca, "the certificate was refused by the other side"),
          Map.entry(
              AlertDescription.unexpected_message,
              "the two sides disagree about what comes next; something between them may have"
                  + " changed bytes"),
          Map.entry(
              AlertDescription.bad_record_mac,
              "a record was damaged on the way, or the two sides hold different keys"),
          Map.entry(
              AlertDescription.decrypt_error,
              "a signature or a Finished message does not fit; a session that was offered may be"
                  + " unknown"),
          Map.entry(AlertDescription.decode_error, "a message was malformed or damaged on the way"),
          Map.entry(
              AlertDescription.illegal_parameter,
              "a message had a value that does not fit the others"),
          Map.entry(AlertDescription.internal_error, "one side had a failure of its own"),
          Map.entry(AlertDescription.user_canceled, "the server gave up for its own reasons"));

  private Alerts() {}

  /** The alert that tells the server why its certificate is refused. */
  static short toSend(CertificateRejectedException.Kind kind) {
    return switch (kind) {
      case ISSUER -> AlertDescription.unknown_ca;
      case EXPIRED, CLOCK -> AlertDescription.certificate_expired;
      case PURPOSE -> AlertDescription.unsupported_certificate;
      case WEAK, NAME, PIN -> AlertDescription.bad_certificate;
    };
  }

  /** Its RFC name. */
  static String name(short alert) {
    return AlertDescription.getName(alert);
  }

  /** What it usually means, with a leading colon, or nothing. */
  static String meaning(short alert) {
    String meaning = MEANINGS.get(alert);
    return meaning == null ? "" : ": " + meaning;
  }
}
