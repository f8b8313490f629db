package io.espat.at;

/**
 * What the firmware can do, as the bring-up has found out, and which of it is made use of.
 *
 * @param bulk whether output leaves in bulk by {@code AT+CIPSENDL}: the firmware has it and RTS/CTS
 *     works
 * @param bulkKnown whether the firmware has {@code AT+CIPSENDL}
 * @param sendLimit most bytes of one {@code AT+CIPSEND}, 2048 or 8192
 * @param fetchLimit most bytes asked for by one {@code AT+CIPRECVDATA}, 2048 or 8192
 * @param pushed whether received data is pushed as it comes ({@code +IPD} with data); else it is
 *     fetched. A link whose reader falls behind may be served otherwise for a while
 * @param receiveControl what the way of receiving can be set for
 * @param sendTimeout whether the module gives up a send by itself; by {@code AT+CIPTCPOPT}
 */
public record DialectInfo(
    boolean bulk,
    boolean bulkKnown,
    int sendLimit,
    int fetchLimit,
    boolean pushed,
    ReceiveControl receiveControl,
    boolean sendTimeout) {

  /** What the way of receiving can be set for. */
  public enum ReceiveControl {
    /** Each link by itself; {@code AT+CIPRECVTYPE}, since 3.3. */
    EACH_LINK,
    /** All links together; {@code AT+CIPRECVMODE}, NonOS 1.7 and 2.0 to 4.1. */
    ALL_LINKS,
    /** Nothing: the firmware can only push. */
    NONE
  }

  static DialectInfo of(Dialect dialect, boolean flowControlled, boolean passive) {
    ReceiveControl control =
        switch (dialect.receive()) {
          case PER_LINK -> ReceiveControl.EACH_LINK;
          case GLOBAL -> ReceiveControl.ALL_LINKS;
          case ACTIVE -> ReceiveControl.NONE;
        };
    return new DialectInfo(
        dialect.bulk() && flowControlled,
        dialect.bulk(),
        dialect.sendLimit(),
        dialect.fetchLimit(),
        !passive,
        control,
        dialect.tcpOptions());
  }
}
