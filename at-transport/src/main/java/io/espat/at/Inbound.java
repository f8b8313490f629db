package io.espat.at;

import java.nio.ByteBuffer;

/** One message from the module, free of any knowledge of what was asked. */
sealed interface Inbound {

  /** OK. */
  record Ok() implements Inbound {}

  /** ERROR, or FAIL as NonOS says. */
  record Failed() implements Inbound {}

  /** {@code >}, the only message without a line end. */
  record Prompt() implements Inbound {}

  /** {@code busy p...} and its relatives; {@code sending} for {@code busy s...} of NonOS. */
  record Busy(boolean sending) implements Inbound {}

  /** {@code Recv n bytes}: the payload is complete at the UART. */
  record Received(int bytes) implements Inbound {}

  /** SEND OK: all bytes are in the module's TCP buffer, not yet at the peer. */
  record SendOk() implements Inbound {}

  /** SEND FAIL: an unknown prefix has left. */
  record SendFail() implements Inbound {}

  /** {@code SEND Canceled} (CIPSEND) or {@code SEND CANCELLED} (CIPSENDL). */
  record SendCancelled() implements Inbound {}

  /** {@code 0,CONNECT}, or +LINK_CONN. */
  record Opened(int link) implements Inbound {}

  /** {@code 0,CLOSED}. */
  record Closed(int link) implements Inbound {}

  /** {@code +IPD,0,100}: data waits in the module. */
  record Waiting(int link, int bytes) implements Inbound {}

  /** {@code +IPD,0,5:hello}: data pushed by the module; good until the next message is taken. */
  record Data(int link, ByteBuffer bytes) implements Inbound {}

  /** {@code +CIPRECVDATA:5,hello}: data that was asked for; good until the next message. */
  record Fetched(ByteBuffer bytes) implements Inbound {}

  /** WIFI CONNECTED, WIFI GOT IP, WIFI DISCONNECT. */
  record Wifi(State state) implements Inbound {
    enum State {
      CONNECTED,
      GOT_IP,
      DISCONNECTED
    }
  }

  /** The module has restarted: every link and volatile setting is gone. */
  record Ready() implements Inbound {}

  /** What can only be a header that the wire has damaged: what it counted is lost. */
  record Damaged(String text) implements Inbound {}

  /** Anything else, without its line end, cut at {@link AtReader#MAX_LINE} bytes. */
  record Line(String text) implements Inbound {}

  /** The link of a message in the form of {@code AT+CIPMUX=0}, which names none. */
  int NO_LINK = -1;
}
