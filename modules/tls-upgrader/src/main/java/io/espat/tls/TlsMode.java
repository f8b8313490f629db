package io.espat.tls;

/** When a connection becomes encrypted; never opportunistically. */
public enum TlsMode {
  /**
   * Begins in clear and switches to TLS by a command: STARTTLS of SMTP (RFC 3207), AUTH TLS of FTP
   * (RFC 4217). A server that does not offer or refuses it ends the session. Does not hide that the
   * server was contacted, its greeting, and which names were exchanged before the switch.
   */
  STARTTLS,

  /**
   * Encrypted from the first byte (SMTP submission port 465 of RFC 8314, FTPS port 990). Does not
   * hide the server's address, and its name is seen in the clear (SNI).
   */
  IMPLICIT,

  /**
   * No encryption at all: password and content are seen and can be changed by everyone on the way,
   * the serial line included. For a peer on a trusted wire only.
   */
  NONE
}
