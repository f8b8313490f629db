package io.espat.cli;

import java.time.Duration;

/** What the demonstration prints, as one table. */
final class DemoText {
  private final Output out;
  private int chapters;

  DemoText(Output out) {
    this.out = out;
  }

  void opening(DemoServers servers) {
    out.result(
        "espat demo: a mail and a file through a simulated ESP-AT module, on this computer only");
    out.result("");
    line("mail", "SubEthaSMTP, 127.0.0.1:" + servers.mailPort() + ", STARTTLS and login demanded");
    line("files", "Apache FtpServer, 127.0.0.1:" + servers.filesPort() + ", AUTH TLS");
    line("trust", "a CA made for this run, nothing else");
  }

  void chapter(String title) {
    out.result("");
    out.result(out.style().strong(++chapters + "  " + title));
  }

  void line(String label, String value) {
    out.result(String.format("   %-14s %s", label, Escape.line(value)));
  }

  void stage(String label, Duration took, String detail) {
    String line = String.format("   %-14s %8s  %s", label, Amount.time(took), Escape.line(detail));
    out.result(line.stripTrailing());
  }

  void check(String label, String value, boolean good) {
    String verdict = good ? out.style().good("ok") : out.style().bad("WRONG");
    out.result(String.format("   %-14s %-60s %s", label, Escape.line(value), verdict));
  }

  void closing(Duration total) {
    out.result("");
    out.result(out.style().good("all good") + ", " + Amount.time(total));
  }
}
