package io.espat.ftp;

/** How far a session or a transfer has come; an {@link FtpsException} names the stage it broke. */
public enum FtpsStage {
  /** Opening the control connection. */
  CONNECT("connecting"),
  /** Waiting for the greeting. */
  BANNER("waiting for the greeting"),
  /** Asking for encryption (AUTH TLS, RFC 4217 section 4). */
  AUTH_TLS("AUTH TLS"),
  /** The TLS handshake of the control connection. */
  HANDSHAKE("TLS handshake"),
  /** USER and PASS. */
  LOGIN("login"),
  /** PBSZ 0, PROT P and TYPE I: everything a data connection needs to be set. */
  PROTECT("protecting data connections"),
  /** A command that needs no data connection: DELE, MKD, SIZE, FEAT and the like. */
  COMMAND("command"),
  /** EPSV or PASV, the dial, the transfer command and the TLS handshake of a data connection. */
  DATA("opening the data connection"),
  /** The bytes of a file, up to the server's final reply. */
  TRANSFER("transfer"),
  /** The bytes of a listing, up to the server's final reply. */
  LIST("listing"),
  /** Comparing the size the server holds with the bytes that were sent. */
  VERIFY("size check"),
  /** Giving a file its final name. */
  RENAME("rename"),
  /** Taking leave. */
  QUIT("leaving");

  private final String words;

  FtpsStage(String words) {
    this.words = words;
  }

  /** The stage in words, as messages show it. */
  @Override
  public String toString() {
    return words;
  }
}
