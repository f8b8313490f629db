package io.espat.smtp;

/** What a reply that is not the wanted one means at its stage. */
final class Refusal {
  private Refusal() {}

  /** The error for this reply to what is being done. */
  static SmtpException of(Events events, Reply reply) {
    SmtpStage stage = events.stage();
    if (reply.temporary()) {
      String id = stage == SmtpStage.STARTTLS ? "E-STARTTLS-TEMP" : "E-SMTP-TEMP";
      return error(id, events, "the server is not ready to", reply, true);
    }
    if (reply.refused()) return error(permanent(stage, reply), events, "refused", reply, false);
    return error("E-SMTP-PROTOCOL", events, "this is no answer to that", reply, false);
  }

  private static String permanent(SmtpStage stage, Reply reply) {
    if (stage == SmtpStage.STARTTLS) return "E-STARTTLS-REFUSED";
    return switch (reply.code()) {
      case 530, 534, 535, 538 -> "E-AUTH-DENIED";
      case 500, 502, 504 -> stage == SmtpStage.AUTH ? "E-AUTH-MECH" : "E-SMTP-REJECTED";
      default -> stage == SmtpStage.AUTH ? "E-AUTH-DENIED" : "E-SMTP-REJECTED";
    };
  }

  private static SmtpException error(
      String id, Events events, String why, Reply reply, boolean temporary) {
    return new SmtpException(id, events.stage(), events.doing() + ": " + why, reply, temporary);
  }
}
