package io.espat.sim;

/**
 * What can go wrong with a module, its line and its network, as it was reported from the field.
 *
 * <p>Each constant names the report that it imitates; a plain number is an issue of
 * espressif/esp-at, "recorded" means a recording of AT 4.2 on an ESP32. Each has its own
 * opportunity, the moment at which it can happen: a rule of a {@link FaultPlan} that names another
 * moment arms the fault, which then happens at its next opportunity. Afterwards the module behaves
 * as the real one does.
 */
public enum Fault {
  /**
   * A command is answered {@code busy p...} and lost, although no other runs: hosts that write
   * right behind an OK saw it before 2.3, and #731 reports it behind {@code +IPD} and reads.
   * Opportunity: a command that can be run.
   */
  BUSY(Moment.COMMAND),

  /**
   * A command is answered {@code busy p...} and executed all the same, with its own answer behind
   * (#731). Opportunity: a command that can be run.
   */
  BUSY_EXECUTED(Moment.COMMAND),

  /**
   * A command ends in ERROR without any effect and without a reason (#458, #589, #655).
   * Opportunity: a command that can be run.
   */
  ERROR(Moment.COMMAND),

  /**
   * A send is accepted and its prompt does not come (#262, #473): the command runs on, so whatever
   * the host writes is answered {@code busy p...}. Lasts for ever unless given a time. Opportunity:
   * a prompt.
   */
  STALL_BEFORE_PROMPT(Moment.PROMPT),

  /**
   * A payload is taken and delivered and no verdict comes (#154; recorded with a dead network):
   * what the host writes is lost without echo, and no link is read (save behind {@code
   * AT+CIPSENDL}, which gives the sockets free after each block). Lasts for ever unless given a
   * time. Opportunity: {@code SEND OK} or {@code SEND FAIL} of any send.
   */
  STALL_BEFORE_VERDICT(Moment.VERDICT),

  /**
   * {@code SEND FAIL} after a part of the payload went to the peer: which part nobody tells the
   * host, here the seed chooses (#908, #988; recorded). The link stays open. Opportunity: a
   * complete payload of any send; of {@code AT+CIPSENDL} the blocks before the last arrive whole.
   */
  SEND_FAIL(Moment.VERDICT),

  /**
   * The module finds {@code +++} where the host wrote none and says {@code SEND Canceled}: recorded
   * for a payload that ended in three plus signs behind a FIFO boundary. Nothing is sent, and the
   * rest of the payload becomes a command line. Opportunity: a chunk of payload.
   */
  SEND_CANCELED(Moment.PAYLOAD),

  /**
   * The module restarts between two commands (#521): {@code ready}, all links gone without a word,
   * every volatile setting back. Opportunity: the end of a command.
   */
  RESTART_WHILE_IDLE(Moment.IDLE),

  /** As {@link #RESTART_WHILE_IDLE}, right behind the prompt of a send. Opportunity: a prompt. */
  RESTART_AFTER_PROMPT(Moment.PROMPTED),

  /**
   * As {@link #RESTART_WHILE_IDLE}, in the middle of a payload: the rest of it falls into the boot.
   * Opportunity: a chunk of payload.
   */
  RESTART_IN_PAYLOAD(Moment.PAYLOAD),

  /**
   * The supply breaks down (#249, #963): a restart that begins with the boot loader's words at
   * another speed, 100 to 400 bytes of noise with NUL and 0xFF among them, and then {@code ready}.
   * Opportunity: the end of a command.
   */
  BROWN_OUT(Moment.IDLE),

  /**
   * The access point goes and comes back (recorded): {@code WIFI DISCONNECT}, {@code CLOSED} of
   * each link, later {@code WIFI CONNECTED} and {@code WIFI GOT IP}. Lasts half a second unless
   * given a time. Opportunity: the end of a command.
   */
  WIFI_DROP(Moment.IDLE),

  /**
   * The peer breaks the connection off in the middle of a read: {@code CLOSED} stands between the
   * data and its OK, and what is left in the module stays readable (#729, zephyr #52702 and
   * #67003); with active receive it follows a frame that was not the last. Opportunity: an answer
   * to {@code AT+CIPRECVDATA}, or a frame of active receive.
   */
  CLOSED_IN_READ(Moment.FETCH),

  /**
   * A notice stands between the information of an answer and its OK (#223, #280, #729): the {@code
   * +IPD} of a link with unread data, else {@code +TIME_UPDATED}. Opportunity: the end of a
   * command.
   */
  NOTICE_INSIDE_REPLY(Moment.REPLY),

  /**
   * The notice that data waits is not said, nor another for the same data (#294, #598, #649).
   * Opportunity: a notice of passive receive.
   */
  MISSING_NOTICE(Moment.NOTICE),

  /**
   * {@code CLOSED} of a link that never was (#590, WiFiEspAT #94), behind the ERROR of the {@code
   * AT+CIPSTART} that failed or, as the seed has it, only before the answer to the next one.
   * Opportunity: a dial that fails.
   */
  STALE_CLOSED(Moment.DIAL),

  /**
   * 1 to 64 bytes that nobody wrote, chosen by the seed: noise, or a log on a shared port (#249,
   * #280). Opportunity: a byte on the line, in the direction given or towards the host.
   */
  GARBAGE(Moment.BYTE),

  /**
   * A byte that does not arrive (#444, #455, #458). Opportunity: a byte on the line, in the
   * direction given or towards the host.
   */
  LOST_BYTE(Moment.BYTE),

  /**
   * A byte that arrives twice, as from a bridge that repeats a transfer. Opportunity: a byte on the
   * line, in the direction given or towards the host.
   */
  DOUBLED_BYTE(Moment.BYTE),

  /**
   * A byte with one bit changed, chosen by the seed: data errors at 2 Mbaud are in Espressif's own
   * list of repairs of August 2020. Opportunity: a byte on the line, in the direction given or
   * towards the host.
   */
  FLIPPED_BIT(Moment.BYTE),

  /**
   * From now on nothing arrives, in either direction, and neither end is told (jSerialComm #399,
   * #524). Lasts for ever unless given a time. Opportunity: a byte on the line, in the direction
   * given or towards the host; that byte still arrives.
   */
  CUT_WIRE(Moment.BYTE),

  /**
   * The access point lives and nothing behind it answers (recorded; #139): sends are accepted until
   * the send buffer is full, and then block; nothing arrives; a dial ends in ERROR after 5 s. What
   * was buffered is delivered when the network is back. Lasts for ever unless given a time.
   * Opportunity: the end of a command.
   */
  DEAD_NETWORK(Moment.IDLE),

  /**
   * Bytes towards the host come one at a time, 5 ms apart: a serial adapter with a slow latency
   * timer (#662). Lasts one second unless given a time. Opportunity: a byte on the line towards the
   * host.
   */
  SLOW_DRIP(Moment.BYTE),

  /**
   * The module stands still: it reads neither line nor links and says nothing (ESP8266_NONOS_SDK
   * #184; cores before December 2025 with more than 8 KiB waiting). Input during it is lost, the
   * command at which it begins too; what falls due during it is said afterwards. Lasts for ever
   * unless given a time; a restart by line ends it. Opportunity: a command that can be run.
   */
  SILENT(Moment.COMMAND);

  /** When a fault can happen. */
  enum Moment {
    COMMAND,
    REPLY,
    IDLE,
    PROMPT,
    PROMPTED,
    PAYLOAD,
    VERDICT,
    FETCH,
    NOTICE,
    DIAL,
    BYTE
  }

  final Moment moment;

  Fault(Moment moment) {
    this.moment = moment;
  }

  /** Whether the fault is one of bytes on the line, for which a rule may name the direction. */
  public boolean concernsBytes() {
    return moment == Moment.BYTE;
  }
}
