package io.espat.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ESP-AT module made of software, which answers as the recorded firmware does and really dials.
 *
 * <p>The host's side of its serial line is either the pair {@link #input()} and {@link #output()}
 * in this process or a TCP port ({@link #serve}); one module has one line, so the first of them
 * called excludes the other. It dials loopback addresses only, unless {@link
 * Builder#allowNetwork(boolean)} says otherwise, and knows the names given with {@link
 * Builder#host(String, String)} and {@code localhost}. All methods may be called from any thread.
 */
public final class SimulatedModule implements AutoCloseable {
  private final Board board;
  private final long seed;

  private SimulatedModule(Setup setup) {
    board = new Board(setup);
    seed = setup.faults().seed();
  }

  /** Starts the description of a module: ESP32 with AT 4.2, joined to the open network "espat". */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what the module says; the same stream each time.
   *
   * <p>A read blocks without limit until a byte comes, the module is closed (−1) or the stream is
   * closed ({@link IOException}). A host that does not read stops the module, as hardware flow
   * control would.
   *
   * @throws IllegalStateException when the line is served on TCP
   */
  public InputStream input() {
    return board.pipes().toHost();
  }

  /**
   * Returns where the host writes; the same stream each time.
   *
   * <p>A write is one burst on the wire and blocks while 2048 bytes wait for the module. After
   * {@link #close()} it fails with an {@link IOException}.
   *
   * @throws IllegalStateException when the line is served on TCP
   */
  public OutputStream output() {
    return board.pipes().fromHost();
  }

  /**
   * Offers the serial line on a TCP port, to one client at a time, and returns the port.
   *
   * <p>The module lives on when its client goes: links, modes and an open prompt stay. What it says
   * while nobody listens is kept up to 4096 bytes for the next client, and whole messages beyond
   * are dropped, as on a UART without flow control. A second client waits 250 ms for the first to
   * go and is then closed.
   *
   * @throws IOException when the address cannot be bound
   * @throws IllegalStateException when the line is already in use
   */
  public int serve(InetSocketAddress address) throws IOException {
    return board.serve(address);
  }

  /**
   * Returns the settings of the host's end of the line between {@link #input()} and {@link
   * #output()}; the same object each time.
   *
   * @throws IllegalStateException when the line is served on TCP
   */
  public HostLine hostLine() {
    return board.hostLine();
  }

  /**
   * Returns the port on 127.0.0.1 that stands for the one on which the module listens ({@code
   * AT+CIPSERVER}); 0 while it has no server.
   *
   * <p>It is the port that the host named, unless this computer does not give that away (because it
   * is in use or reserved for the superuser); then it is any free one.
   */
  public int listeningPort() {
    return board.listeningPort();
  }

  /**
   * Lets the network behind the access point die, or live again; the station stays joined.
   *
   * <p>While it is dead each link takes as many bytes as its send buffer holds and delivers them
   * once the network is back, a send beyond that waits (for ever, or as long as {@code
   * AT+CIPTCPOPT} says), nothing arrives, dials fail after 5 s and a link with keep-alive ends 3 s
   * after its idle time. Waits until the module has changed over, at most 5 s.
   */
  public void network(boolean alive) {
    board.network(alive);
  }

  /** Returns how many bytes the module has taken from the host. */
  public long bytesFromHost() {
    return board.bytesFromHost();
  }

  /** Returns how many bytes the module has handed to the host's line. */
  public long bytesToHost() {
    return board.bytesToHost();
  }

  /**
   * Makes a fault happen: at once where its moment is any, else at its next opportunity. A fault
   * with a duration lasts as long as its own default; a module that is closed ignores it.
   */
  public void inject(Fault fault) {
    board.inject(fault);
  }

  /** Returns how many faults have happened since the module was switched on. */
  public long faultsHappened() {
    return board.strikes();
  }

  /** Returns the seed of the module's {@link FaultPlan}: with it the same faults happen again. */
  public long seed() {
    return seed;
  }

  /**
   * Returns how many bytes of the host a full receive ring has lost: the line is paced and flow
   * control does not work.
   */
  public long bytesLostFromHost() {
    return board.lostFromHost();
  }

  /** Returns how many bytes of the module a full buffer of the host's driver has lost. */
  public long bytesLostToHost() {
    return board.lostToHost();
  }

  /** Package-private: how many bytes the module has read from its peers, for tests that wait. */
  long bytesFromPeers() {
    return board.bytesFromPeers();
  }

  /**
   * Switches the module off: links, line and thread end; calling it again does nothing.
   *
   * <p>Waits at most 5 s for the module's thread.
   */
  @Override
  public void close() {
    board.close();
  }

  /** Describes a {@link SimulatedModule}; not safe for use by several threads. */
  public static final class Builder {
    private Firmware firmware = Firmware.ESP32_AT_4;
    private final Map<String, List<InetAddress>> hosts = new HashMap<>();
    private boolean allowNetwork;
    private boolean joined = true;
    private final List<Network> networks = new ArrayList<>();
    private @Nullable Consumer<String> transcript;
    private boolean payloadShown;
    private Setup.Pace pace = Setup.Pace.DEFAULT;
    private LineModel line = LineModel.unpaced();
    private final Map<String, Map<String, String>> certificates = new LinkedHashMap<>();
    private FaultPlan.Builder faults = FaultPlan.builder();

    private Builder() {}

    /** The firmware build to be; default {@link Firmware#ESP32_AT_4}. */
    public Builder firmware(Firmware firmware) {
      this.firmware = firmware;
      return this;
    }

    /**
     * Makes a name known to the module; a name may have an address in IPv4 and one in IPv6.
     *
     * @throws IllegalArgumentException when the address is no literal such as 127.0.0.1 or ::1
     */
    public Builder host(String name, String address) {
      InetAddress literal = Family.literal(address);
      if (literal == null) {
        throw new IllegalArgumentException(
            "the address of host " + name + " must be a literal such as 127.0.0.1 or ::1");
      }
      return host(name, literal);
    }

    /**
     * Makes a name known to the module; a name may have an address in IPv4 and one in IPv6, which
     * is used after {@code AT+CIPV6=1} only.
     */
    public Builder host(String name, InetAddress address) {
      List<InetAddress> known =
          hosts.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>());
      known.removeIf(other -> other.getClass() == address.getClass());
      known.add(address);
      return this;
    }

    /** Whether the module may dial beyond loopback and ask the JVM's resolver; default no. */
    public Builder allowNetwork(boolean allowed) {
      allowNetwork = allowed;
      return this;
    }

    /** Whether the module is joined to the first network when it starts; default yes. */
    public Builder joined(boolean joined) {
      this.joined = joined;
      return this;
    }

    /** Adds an open network in range; without any there is one named "espat". */
    public Builder wifi(String ssid) {
      return wifi(ssid, new char[0]);
    }

    /**
     * Adds a WPA2 network in range; an empty passphrase makes it open. The passphrase is copied.
     */
    public Builder wifi(String ssid, char[] passphrase) {
      networks.add(Network.of(ssid, passphrase, 0));
      return this;
    }

    /**
     * Adds a network in range that lets nobody in.
     *
     * @param code 1 time-out, 2 wrong passphrase, 3 not found, 4 failed
     */
    public Builder refusingWifi(String ssid, int code) {
      if (code < 1 || code > 4) {
        throw new IllegalArgumentException("+CWJAP: codes are 1..4, not " + code);
      }
      networks.add(Network.of(ssid, new char[0], code));
      return this;
    }

    /**
     * Hears each message on the line in the form of the recordings, on the module's thread.
     *
     * <p>Payload is shown as a count of bytes, Wi-Fi passphrases never. A listener that throws is
     * not called again.
     */
    public Builder transcript(Consumer<String> lines) {
      return transcript(lines, false);
    }

    /** As {@link #transcript(Consumer)}, with the bytes of payloads shown when asked for. */
    public Builder transcript(Consumer<String> lines, boolean payloadShown) {
      transcript = lines;
      this.payloadShown = payloadShown;
      return this;
    }

    /** The speed, wires and latencies of the module; default {@link LineModel#unpaced()}. */
    public Builder line(LineModel line) {
      this.line = line;
      return this;
    }

    /** Makes a fault happen once, at its first opportunity. */
    public Builder fault(Fault fault) {
      faults.once(fault);
      return this;
    }

    /**
     * Makes a fault happen with a probability at each of its opportunities.
     *
     * @throws IllegalArgumentException unless {@code probability} is in 0..1
     */
    public Builder fault(Fault fault, double probability) {
      faults.chance(probability, fault);
      return this;
    }

    /**
     * Makes a fault happen by a rule, in the form shown at {@link FaultPlan}.
     *
     * @throws IllegalArgumentException when it cannot be read, with the reason
     */
    public Builder fault(String rule) {
      faults.rule(rule);
      return this;
    }

    /** Takes a plan's rules and its seed instead of what {@link #fault} and {@link #seed} said. */
    public Builder faults(FaultPlan plan) {
      faults = plan.toBuilder();
      return this;
    }

    /** Package-private: the faults as described so far. */
    FaultPlan faults() {
      return faults.build();
    }

    /** The seed of the faults; default a random one, which {@link SimulatedModule#seed()} tells. */
    public Builder seed(long seed) {
      faults.seed(seed);
      return this;
    }

    /**
     * Stores a certificate or key in the module, as {@code AT+SYSMFG=2} would: {@code
     * certificate("client_ca", "client_ca.0", authority.pem())}.
     *
     * @param namespace {@code client_ca}, {@code client_cert}, {@code client_key} or the same of
     *     {@code server}
     * @param key the namespace with the index that {@code AT+CIPSSLCCONF} names, such as {@code .0}
     * @param pem PEM text, 1..8191 bytes
     * @throws IllegalArgumentException when a name has more than 15 characters or the text is too
     *     long
     */
    public Builder certificate(String namespace, String key, String pem) {
      if (namespace.isEmpty()
          || namespace.length() > MfgStore.NAME_LIMIT
          || key.isEmpty()
          || key.length() > MfgStore.NAME_LIMIT) {
        throw new IllegalArgumentException("names of manufacturing data have 1..15 characters");
      }
      if (pem.isEmpty() || pem.length() > MfgStore.VALUE_LIMIT) {
        throw new IllegalArgumentException(
            "a value has 1.." + MfgStore.VALUE_LIMIT + " bytes, not " + pem.length());
      }
      certificates.computeIfAbsent(namespace, name -> new LinkedHashMap<>()).put(key, pem);
      return this;
    }

    /** Package-private: tests choose how long a scan or a restart takes. */
    Builder pace(Setup.Pace pace) {
      this.pace = pace;
      return this;
    }

    private Map<String, List<InetAddress>> copyOfHosts() {
      Map<String, List<InetAddress>> copy = new HashMap<>();
      hosts.forEach((name, addresses) -> copy.put(name, List.copyOf(addresses)));
      return Map.copyOf(copy);
    }

    /** Switches the module on; close it to end its thread. */
    public SimulatedModule build() {
      List<Network> range =
          networks.isEmpty() ? List.of(Network.of("espat", new char[0], 0)) : List.copyOf(networks);
      return new SimulatedModule(
          new Setup(
              firmware,
              copyOfHosts(),
              allowNetwork,
              joined,
              range,
              transcript,
              payloadShown,
              pace,
              line,
              faults.build(),
              Map.copyOf(certificates)));
    }
  }
}
