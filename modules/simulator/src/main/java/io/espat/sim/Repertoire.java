package io.espat.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which commands each firmware build has, in the order in which the recorded {@code AT+CMD?} lists
 * them; Bluetooth, Ethernet, HTTP and MQTT are left out: no module here has them.
 */
final class Repertoire {
  /**
   * A column for each build, in the order of {@link Firmware}; a letter where it has the command.
   */
  private static final List<String> ROWS =
      """
      AT                 543c28N
      ATE0               543c28N
      ATE1               543c28N
      AT+RST             543c28N
      AT+GMR             543c28N
      AT+CMD             543c.8.
      AT+SAVETRANSLINK   543c28N
      AT+TRANSINTVL      543....
      AT+SYSTIMESTAMP    543c28.
      AT+GSLP            543c28N
      AT+SLEEP           543c28N
      AT+SLEEPWKCFG      543c28.
      AT+RESTORE         543c28N
      AT+SYSRAM          543c28N
      AT+SYSFLASH        543c28.
      AT+SYSMFG          543....
      AT+SYSMSGFILTER    543....
      AT+SYSMSGFILTERCFG 543....
      AT+RFPOWER         543c28N
      AT+SYSMSG          543c28.
      AT+SYSROLLBACK     543c28.
      AT+SYSLOG          543c28.
      AT+SYSSTORE        543c28.
      AT+SYSREG          543c.8.
      AT+CWINIT          543....
      AT+CWMODE          543c28N
      AT+CWMODE_CUR      ......N
      AT+CWMODE_DEF      ......N
      AT+CWSTATE         543c.8.
      AT+CWJAP           543c28N
      AT+CWJAP_CUR       ......N
      AT+CWJAP_DEF       ......N
      AT+CWRECONNCFG     543c.8.
      AT+CWLAP           543c28N
      AT+CWLAPOPT        543c28N
      AT+CWQAP           543c28N
      AT+CWSAP           543c28N
      AT+CWLIF           543c28N
      AT+CWQIF           543c28.
      AT+CWDHCP          543c28N
      AT+CWDHCPS         543c28.
      AT+CWAUTOCONN      543c28N
      AT+CWHOSTNAME      543c28N
      AT+CWCOUNTRY       543c28.
      AT+CWSTARTSMART    543c28N
      AT+CWSTOPSMART     543c28N
      AT+WPS             543c28N
      AT+MDNS            543c28N
      AT+CIFSR           543c28N
      AT+CIPSTAMAC       543c28N
      AT+CIPAPMAC        543c28N
      AT+CIPSTA          543c28N
      AT+CIPAP           543c28N
      AT+CIPV6           543c.8.
      AT+CIPDNS          543c28.
      AT+CIPDNS_CUR      ......N
      AT+CIPDNS_DEF      ......N
      AT+CIPDOMAIN       543c28N
      AT+CIPSTATUS       .43c28N
      AT+CIPSTATE        543c.8.
      AT+CIPSTART        543c28N
      AT+CIPSTARTEX      543c28.
      AT+CIPTCPOPT       543c28.
      AT+CIPCLOSE        543c28N
      AT+CIPCONNPERSIST  54.....
      AT+CIPSEND         543c28N
      AT+CIPSENDL        543c...
      AT+CIPSENDLCFG     543c...
      AT+CIPSENDEX       543c28N
      AT+CIPDINFO        543c28N
      AT+CIPMUX          543c28N
      AT+CIPRECVMODE     .43c28N
      AT+CIPRECVTYPE     543....
      AT+CIPRECVDATA     543c28N
      AT+CIPRECVLEN      543c28N
      AT+CIPSERVER       543c28N
      AT+CIPSERVERMAXCONN 543c28N
      AT+CIPSSLSIZE      ......N
      AT+CIPSSLCCONF     543c28N
      AT+CIPSSLCCN       543c28.
      AT+CIPSSLCSNI      543c28.
      AT+CIPSSLCALPN     543c28.
      AT+CIPSSLCPSK      543c.8.
      AT+CIPSSLCPSKHEX   543..8.
      AT+CIPSSLCCIPHER   54...8.
      AT+CIPMODE         543c28N
      AT+CIPSTO          543c28N
      AT+CIPSNTPCFG      543c28N
      AT+CIPSNTPINTV     543c...
      AT+CIPSNTPTIME     543c28N
      AT+CIPRECONNINTV   543c28.
      AT+PING            543c28N
      AT+UART            543c28N
      AT+UART_CUR        543c28N
      AT+UART_DEF        543c28N
      AT+USERRAM         543c.8.
      """
          .lines()
          .toList();

  /** All names, in the order of the recorded list. */
  static final Set<String> NAMES = names();

  private Repertoire() {}

  private static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    ROWS.forEach(row -> names.add(row.split(" +")[0]));
    return names;
  }

  /** The commands of one column. */
  static Set<String> column(int column) {
    Set<String> names = new LinkedHashSet<>();
    for (String row : ROWS) {
      String[] cells = row.split(" +");
      if (cells[1].charAt(column) != '.') {
        names.add(cells[0]);
      }
    }
    return names;
  }
}
