package io.espat.sim;

/** A habit that some firmware builds have and others do not; {@link Firmware#has(Trait)} tells. */
enum Trait {
  /** {@code OK} and {@code >} are two writes, between which other messages fit: up to 2.2. */
  SPLIT_PROMPT,

  /** {@code \r\nOK\r\n> } with a space behind the prompt: NonOS. */
  SPACED_PROMPT,

  /** The boot loader talks on the AT port, at 74880 baud, before {@code ready}: NonOS. */
  LOADER_ON_PORT,

  /** The rate of the UART is a whole fraction of its clock: ESP8266. */
  WHOLE_DIVIDER,

  /** The echo of a line's end is {@code \r\r\n}: NonOS. */
  ECHO_DOUBLES_CR,

  /** What newer builds log elsewhere stands on the AT port ({@code ALREADY CONNECTED}): NonOS. */
  LOG_WORDS,

  /** A failed join ends in {@code FAIL}, not {@code ERROR}: NonOS. */
  JOIN_FAILS_WITH_FAIL,

  /** Frames with data end without CR LF, and addresses in them stand without quotes: NonOS. */
  BARE_FRAMES,

  /** {@code +CIPRECVDATA,<n>:<data>} instead of {@code +CIPRECVDATA:<n>,<data>}: NonOS. */
  COMMA_BEFORE_COUNT,

  /** {@code CLOSED} is said when the peer closes, though data is unread: NonOS. */
  CLOSED_BEFORE_READ,

  /** What the host says while a payload is being sent meets {@code busy s...}: NonOS. */
  BUSY_SENDING,

  /** {@code CLOSED} follows the ERROR of a dial that failed: NonOS. */
  CLOSED_AFTER_FAILED_DIAL,

  /** {@code +CIPDOMAIN:} names the address without quotes: up to 2.1. */
  UNQUOTED_DOMAIN,

  /** {@code AT+CIPRECVLEN?} says −1 of a link that is not open: 2.0 to 4.0. */
  CLOSED_LENGTH_MINUS_ONE,

  /** {@code AT+CIPSTART} and {@code AT+CIPDOMAIN} take a time-out: 4.1 on. */
  DIAL_TIMEOUT,

  /** {@code AT+CIPTCPOPT} has the keep-alive: 2.4 on. */
  KEEP_ALIVE_OPTION,

  /** {@code AT+SYSLOG=1} adds {@code +ERRNO:} to a failed dial: 5.0 on and the recorded 4.2. */
  ERRNO,

  /** {@code WIFI CONNECTED} comes before {@code ready} when a network is stored: recorded 4.2. */
  JOINS_BEFORE_READY,

  /** {@code AT+CIPSEND=0} and less is prompted and swallows all up to {@code +++}: recorded 2.1. */
  ENDLESS_SEND,

  /** {@code AT+CWQAP} says OK, the links' CLOSED twice, then {@code WIFI DISCONNECT}: 2.1. */
  LEAVES_AFTER_OK,

  /** A link that turns active says OK before what was unread: recorded 2.1. */
  OK_BEFORE_PUSH,

  /** {@code AT+CIPMODE=1} is refused while {@code AT+CIPMUX} is 1: recorded 2.1. */
  SINGLE_LINK_PASSTHROUGH,

  /** {@code AT+CIPSTATUS} says 5 after links were there and the network went: recorded 2.1. */
  STATUS_SAYS_LEFT,

  /** {@code AT+CIPSERVER=1} is OK when that very server is there already: up to 3.0. */
  SAME_SERVER_AGAIN,

  /** {@code AT+CIPSNTPCFG?} names no time zone while the time servers are off: up to 2.4. */
  NO_TIME_NO_ZONE,

  /** {@code +TIME_UPDATED} tells that the clock was set: 3.0 on. */
  TELLS_TIME,
}
