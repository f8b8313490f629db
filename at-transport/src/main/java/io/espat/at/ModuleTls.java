package io.espat.at;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the module itself does TLS on a link: whom it trusts, and how it proves itself; immutable.
 *
 * <p>Certificates and keys are those that the module stores ({@code AT+SYSMFG}), by their index.
 * Holds a copy of a pre-shared key until it is closed; sockets cannot be connected with it then.
 */
public final class ModuleTls implements AutoCloseable {
  private final boolean anyServer;
  private final OptionalInt authority;
  private final OptionalInt identity;
  private final String serverName;
  private final List<String> protocols;
  private final @Nullable SharedKey key;

  /** A pre-shared key as the module takes it. */
  private static final class SharedKey {
    private final char[] text;
    private final boolean hex;
    private final String identity;
    private volatile boolean wiped;

    SharedKey(char[] text, boolean hex, String identity) {
      this.text = text;
      this.hex = hex;
      this.identity = identity;
    }

    AtCommand command(int id) {
      if (wiped) {
        throw new IllegalStateException("the pre-shared key has been wiped");
      }
      return AtCommand.builder(hex ? "AT+CIPSSLCPSKHEX" : "AT+CIPSSLCPSK")
          .with(id)
          .withSecret(text)
          .with(identity)
          .build();
    }

    void wipe() {
      wiped = true;
      Arrays.fill(text, '\0');
    }
  }

  private ModuleTls(Builder builder) {
    this.anyServer = builder.anyServer;
    this.authority = builder.authority;
    this.identity = builder.identity;
    this.serverName = builder.serverName;
    this.protocols = builder.protocols;
    this.key = builder.key;
  }

  /** Starts with nobody trusted: say who is. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The settings of {@code AT+CIPSSLCCONF}: bit 1 to check the server, bit 0 to prove ourselves.
   */
  AtCommand configuration(int id) {
    int mode = (authority.isPresent() ? 2 : 0) | (identity.isPresent() ? 1 : 0);
    AtCommand.Builder command = AtCommand.builder("AT+CIPSSLCCONF").with(id).with(mode);
    if (mode != 0) { // the firmware wants both
      command.with(identity.orElse(0)).with(authority.orElse(0));
    }
    return command.build();
  }

  boolean checksName() {
    return authority.isPresent();
  }

  /** Returns the name that the server's certificate must be for; else the one connected to. */
  String serverName(String host) {
    return serverName.isEmpty() ? host : serverName;
  }

  List<String> protocols() {
    return protocols;
  }

  /** Returns the command that sets the pre-shared key, which the caller wipes; null without one. */
  @Nullable AtCommand key(int id) {
    return key == null ? null : key.command(id);
  }

  boolean hasKey() {
    return key != null;
  }

  /** Returns the name of the command that sets the key. */
  String keyCommand() {
    return key != null && key.hex ? "AT+CIPSSLCPSKHEX" : "AT+CIPSSLCPSK";
  }

  /** Wipes the pre-shared key, if there is one. */
  @Override
  public void close() {
    if (key != null) {
      key.wipe();
    }
  }

  /** Returns the settings without any secret. */
  @Override
  public String toString() {
    String trust =
        authority.isPresent() ? "authority " + authority.getAsInt() : anyServer ? "ANY SERVER" : "";
    return "ModuleTls["
        + trust
        + (identity.isPresent() ? " certificate " + identity.getAsInt() : "")
        + (key == null ? "" : " pre-shared key " + AtCommand.REDACTED)
        + "]";
  }

  /** Collects the settings; used by one thread. */
  public static final class Builder {
    private static final int MAX_INDEX = 255;
    private static final int MAX_PROTOCOLS = 5;
    private static final int MAX_KEY = 32;

    private boolean anyServer;
    private OptionalInt authority = OptionalInt.empty();
    private OptionalInt identity = OptionalInt.empty();
    private String serverName = "";
    private List<String> protocols = List.of();
    private @Nullable SharedKey key;

    private Builder() {}

    /**
     * Trusts servers whose certificate is issued by the authorities stored as {@code client_ca.N},
     * is for their name, and is valid by the module's clock, which has to have the time.
     */
    public Builder authority(int index) {
      authority = OptionalInt.of(index(index));
      return this;
    }

    /**
     * Trusts whoever answers: nothing is checked, and anybody on the way can read and change what
     * is sent. For tests.
     */
    public Builder insecurelyTrustAnyServer() {
      anyServer = true;
      return this;
    }

    /**
     * Presents the certificate stored as {@code client_cert.N} with the key {@code client_key.N}.
     */
    public Builder certificate(int index) {
      identity = OptionalInt.of(index(index));
      return this;
    }

    private static int index(int index) {
      if (index < 0 || index > MAX_INDEX) {
        throw new IllegalArgumentException("an index is 0 to " + MAX_INDEX + ": " + index);
      }
      return index;
    }

    /** Sets the name to ask for and to check, instead of the one that is connected to. */
    public Builder serverName(String name) {
      serverName = name;
      return this;
    }

    /** Offers up to five application protocols (ALPN), the preferred one first. */
    public Builder protocols(String... names) {
      if (names.length > MAX_PROTOCOLS || List.of(names).contains("")) {
        throw new IllegalArgumentException("up to " + MAX_PROTOCOLS + " protocols, none empty");
      }
      protocols = List.of(names);
      return this;
    }

    /**
     * Trusts who knows this key, 1 to 32 characters; by {@code AT+CIPSSLCPSK}. It is copied; the
     * caller wipes {@code text}.
     */
    public Builder preSharedKey(char[] text, String identity) {
      key = new SharedKey(length(text.clone(), text.length), false, identity);
      return this;
    }

    /**
     * Trusts who knows this key, 1 to 32 bytes; by {@code AT+CIPSSLCPSKHEX}, since 3.0. It is
     * copied; the caller wipes {@code bytes}.
     */
    public Builder preSharedKey(byte[] bytes, String identity) {
      char[] text = new char[2 * bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        text[2 * i] = HexFormat.of().toHighHexDigit(bytes[i]);
        text[2 * i + 1] = HexFormat.of().toLowHexDigit(bytes[i]);
      }
      key = new SharedKey(length(text, bytes.length), true, identity);
      return this;
    }

    private static char[] length(char[] text, int length) {
      if (length < 1 || length > MAX_KEY) {
        Arrays.fill(text, '\0');
        throw new IllegalArgumentException("a pre-shared key has 1 to " + MAX_KEY + " bytes");
      }
      return text;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalStateException unless exactly one of authority, pre-shared key and trust in
     *     anybody was chosen: the firmware does not use a key together with an authority
     */
    public ModuleTls build() {
      int chosen = (authority.isPresent() ? 1 : 0) + (anyServer ? 1 : 0) + (key == null ? 0 : 1);
      if (chosen != 1) {
        throw new IllegalStateException(
            "say whom to trust: an authority, a pre-shared key, or insecurely anybody");
      }
      return new ModuleTls(this);
    }
  }
}
