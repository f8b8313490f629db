package io.espat.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What {@code espat at} asks about before it sends a line, and what it never sends. */
final class AtCommandGuard {
  /** They write to the module's flash, or may: what they set outlasts the session. */
  private static final List<String> LASTING =
      List.of(
          "AT+RESTORE",
          "AT+UART_DEF=",
          "AT+UART=",
          "AT+CWMODE=",
          "AT+CWMODE_DEF=",
          "AT+CWDHCP",
          "AT+CWAUTOCONN=",
          "AT+CWRECONNCFG=",
          "AT+CWHOSTNAME=",
          "AT+CWCOUNTRY",
          "AT+CIPSTA=",
          "AT+CIPSTA_DEF=",
          "AT+CIPAP",
          "AT+CIPSTAMAC",
          "AT+CIPDNS",
          "AT+CIPV6=",
          "AT+CIPTCPOPT=",
          "AT+CIPSSLCCONF=",
          "AT+CIPSNTPCFG=",
          "AT+CIPRECONNINTV=",
          "AT+SYSMFG=",
          "AT+SYSFLASH=",
          "AT+SYSROLLBACK",
          "AT+SYSREG=",
          "AT+FS=",
          "AT+RFPOWER=",
          "AT+CIUPDATE",
          "AT+USEROTA",
          "AT+WEBSERVER",
          "AT+DRV",
          "AT+BLE",
          "AT+BT",
          "AT+GSLP");

  /** They carry a secret, which would be seen in the arguments, on the screen and in the log. */
  private static final List<String> SECRET =
      List.of(
          "AT+CWJAP",
          "AT+CWSAP",
          "AT+CWJEAP",
          "AT+CIPSSLCPSK",
          "AT+MQTTUSERCFG",
          "AT+MQTTPASSWORD",
          "AT+MQTTLONGPASSWORD",
          "AT+CWSTARTSMART",
          "AT+HTTPCLIENT",
          "AT+HTTPCHEAD");

  private static final Pattern QUERY = Pattern.compile("AT\\+\\w+=?\\?");

  private AtCommandGuard() {}

  /**
   * Refuses what must not be sent.
   *
   * @param lasting whether what outlasts the session is allowed ({@code --yes})
   */
  static void check(String line, boolean lasting) throws FailureException {
    String text = line.strip().toUpperCase(Locale.ROOT);
    boolean query = QUERY.matcher(text).matches();
    if (!text.startsWith("AT")) {
      throw FailureException.usage("a command begins with AT", "such as AT+GMR or AT+CWMODE?");
    }
    if (!query && text.contains("=") && SECRET.stream().anyMatch(text::startsWith)) {
      throw FailureException.usage(
          "a command with a secret in it is not sent from here",
          "for a Wi-Fi network use: espat wifi join SSID --passphrase-file FILE");
    }
    if (!lasting && !query && LASTING.stream().anyMatch(text::startsWith)) {
      throw FailureException.usage(
          Escape.line(line.strip()) + " changes the module for good",
          "add --yes if that is what you want");
    }
  }
}
