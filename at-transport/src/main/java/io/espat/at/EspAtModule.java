package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An ESP-AT module: its links as sockets, its Wi-Fi, its resolver.
 *
 * <p>Safe for use by several threads; commands are served one after another in the order of their
 * callers. A module that restarted or fell silent stays lost, unless {@link
 * ModuleConfig.Builder#recovery} says otherwise: close it and open it again.
 *
 * <p>Every call that blocks ends at once when its thread is interrupted, with an {@link
 * java.io.InterruptedIOException}, and within two seconds when the module is closed.
 */
public final class EspAtModule implements AutoCloseable {
  /** Commands that the engine itself must be the only one to send. */
  private static final List<String> OWN =
      List.of(
          "AT+CIPSEND",
          "AT+CIPSTART",
          "AT+CIPCLOSE",
          "AT+CIPMUX",
          "AT+CIPMODE",
          "AT+CIPRECV",
          "AT+CIPDINFO",
          "AT+SYSMSG",
          "AT+SAVETRANSLINK",
          "AT+UART",
          "ATE",
          "AT+SYSMFG=2",
          "AT+SYSFLASH=1",
          "AT+CIPSERVER");

  private static final Pattern QUERY = Pattern.compile("AT\\+\\w+\\?");

  private final ModuleConfig config;
  private final Events events;
  private final Sessions sessions;
  private final LinkSockets sockets;

  private EspAtModule(ByteStream stream, ModuleConfig config, Sessions.@Nullable Device device) {
    this.config = config;
    this.events = new Events(config, stream.name());
    this.sessions = new Sessions(stream, config, events, device);
    this.sockets = new LinkSockets(this);
  }

  /** Opens the module on a device with the default settings. */
  public static EspAtModule open(String device) throws IOException {
    return open(ModuleConfig.builder().device(device).build());
  }

  /**
   * Opens the configured device and brings the module up.
   *
   * <p>Blocks some hundred milliseconds, and at most for the open time-out while the module is
   * silent. The caller closes the module.
   *
   * @throws DeviceException if the device cannot be opened
   * @throws ModuleLostException if nothing on it answers as a module does
   * @throws AtException if the module refuses what it must be able to do
   */
  public static EspAtModule open(ModuleConfig config) throws IOException {
    return open(ByteStream.open(config), config, () -> ByteStream.open(config));
  }

  /** Brings up the module behind a byte stream, which the module closes, also when this fails. */
  public static EspAtModule open(ByteStream stream, ModuleConfig config) throws IOException {
    return open(stream, config, null);
  }

  private static EspAtModule open(
      ByteStream stream, ModuleConfig config, Sessions.@Nullable Device device) throws IOException {
    EspAtModule module = new EspAtModule(stream, config, device);
    module.events.start();
    boolean opened = false;
    try {
      module.sessions.begin();
      opened = true;
    } finally {
      if (!opened) {
        module.close();
      }
    }
    return module;
  }

  /** Returns what the module says it is. */
  public ModuleInfo info() {
    return sessions.present().info();
  }

  /** Returns how the line to the module is set and how that was found out. */
  public LineInfo line() {
    return sessions.line();
  }

  ModuleConfig config() {
    return config;
  }

  /** Returns what the firmware was found to be able to do. */
  public DialectInfo dialect() {
    return sessions.present().dialectInfo();
  }

  Session session() {
    return sessions.present();
  }

  AtChannel channel() {
    return sessions.present().channel();
  }

  Links links() {
    return sessions.present().links();
  }

  /** Makes every thread that waits for the module look whether it still has to. */
  void wake() {
    sessions.wake();
  }

  /** Waits until the module, and the network it has lost, are back, as far as they may come. */
  Session online(Deadline deadline, Stop stop) throws IOException {
    return sessions.online(deadline, stop);
  }

  /** Takes an ordinary command's turn, and waits as long for a module that may come back. */
  private Turn take(Duration limit) throws IOException {
    return sessions.current(Deadline.in(limit), Stop.NEVER).channel().take();
  }

  /** Returns where the bytes go, such as {@code /dev/ttyUSB0}. */
  public String name() {
    return sessions.name();
  }

  /**
   * Joins a Wi-Fi network as a station; by {@code AT+CWJAP}.
   *
   * <p>Blocks up to 20 s. The passphrase is copied for the command only, and that copy is wiped;
   * the caller wipes {@code passphrase}, which is empty for an open network.
   *
   * @throws WifiException if the module could not join
   */
  public void joinWifi(String ssid, char[] passphrase) throws IOException {
    try (Turn turn = take(Wifi.JOIN_LIMIT)) {
      Wifi.join(turn, ssid, passphrase);
    }
  }

  /** Asks the module where it stands in the Wi-Fi network; by {@code AT+CWJAP?} and CIPSTA. */
  public WifiState wifi() throws IOException {
    try (Turn turn = take(config.commandTimeout())) {
      return Wifi.state(turn);
    }
  }

  /**
   * Lists the networks that the module hears; by {@code AT+CWLAP}.
   *
   * <p>Blocks for some seconds, at most 15, during which the module does nothing else. Switches the
   * station on if it is off.
   *
   * @throws AtException if the module could not scan
   */
  public List<WifiNetwork> scanWifi() throws IOException {
    try (Turn turn = take(config.commandTimeout())) {
      return Wifi.scan(turn);
    }
  }

  /**
   * Leaves the Wi-Fi network; by {@code AT+CWQAP}. Every link fails. The module joins it again when
   * it restarts, as it does not forget the network.
   */
  public void leaveWifi() throws IOException {
    sessions.network().leaving(true);
    try (Turn turn = take(config.commandTimeout())) {
      turn.ask(AtCommand.of("AT+CWQAP"));
    } finally {
      sessions.network().leaving(false);
    }
  }

  /**
   * Asks a host for an echo, by {@code AT+PING}, and returns the round trip that the module saw, in
   * whole milliseconds.
   *
   * <p>Blocks up to the connect time-out for the name and as long for the echo.
   *
   * @throws UnknownHostException if the module could not resolve the name
   * @throws WifiException if the module is in no network
   * @throws SocketTimeoutException if no echo came
   */
  public Duration ping(String host) throws IOException {
    InetAddress address = resolve(host);
    AtCommand command =
        AtCommand.builder("AT+PING")
            .with(address.getHostAddress())
            .limit(config.connectTimeout())
            .build();
    try (Turn turn = take(config.commandTimeout())) {
      return echo(turn.ask(command), host);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      if (e.words().stream().anyMatch(word -> word.toUpperCase(Locale.ROOT).contains("TIMEOUT"))) {
        SocketTimeoutException none = new SocketTimeoutException("no echo from " + host);
        none.initCause(e);
        throw none;
      }
      throw e;
    }
  }

  /** {@code +PING:12}; NonOS says {@code +12}. */
  private static Duration echo(AtReply reply, String host) throws IOException {
    for (String line : reply.lines()) {
      String digits = line.replaceFirst("^\\+(PING:)?", "");
      if (digits.matches("\\d{1,6}")) {
        return Duration.ofMillis(Long.parseLong(digits));
      }
    }
    throw new ProtocolException("pinging " + host + ": the module did not say how long it took");
  }

  /**
   * Returns the time that the module has from its network; by {@code AT+CIPSNTPCFG} and
   * CIPSNTPTIME, to a second.
   *
   * <p>Blocks until a server has answered the module, at most for the connect time-out. A module
   * that does not ask for the time is told to, and not to any more afterwards.
   *
   * @param servers up to three names for a module that does not ask yet; none for its own choice
   * @throws SocketTimeoutException if no server answered in time
   */
  public Instant networkTime(List<String> servers) throws IOException {
    Deadline deadline = Deadline.in(config.connectTimeout());
    return new NetworkTime(online(deadline, Stop.NEVER).channel()).ask(servers, deadline);
  }

  /**
   * Resolves a name on the module, never on this computer; by {@code AT+CIPDOMAIN}.
   *
   * <p>Literals and the names of {@link ModuleConfig.Builder#address} are not asked about. The
   * address carries the name. Blocks up to the connect time-out.
   *
   * @throws UnknownHostException if the module could not resolve the name
   * @throws WifiException if the module is in no network
   */
  public InetAddress resolve(String host) throws IOException {
    return resolve(host, Deadline.in(config.connectTimeout()), Stop.NEVER);
  }

  InetAddress resolve(String host, Deadline deadline, Stop stop) throws IOException {
    return new Resolver(config, this::online).resolve(host, deadline, stop);
  }

  /** Connects a link; the peer's address must be resolved. */
  Link connect(Dial dial, Deadline deadline, Stop stop) throws IOException {
    Links links = online(deadline, stop).links();
    Link link = links.reserve(dial.peer(), deadline, stop);
    while (!link.talk().connect(dial, deadline, stop)) {
      link =
          links.reserve(dial.peer(), deadline, stop); // a peer of the module's server has that id
    }
    return link;
  }

  /**
   * Returns the factory of sockets that are links of this module, at most five at a time.
   *
   * <p>Names, and unresolved addresses, are resolved by the module.
   */
  public SocketFactory sockets() {
    return sockets;
  }

  /**
   * Returns the factory of sockets with which the module itself does TLS; by {@code
   * AT+CIPSTART="SSL"}.
   *
   * <p>Connecting includes the handshake, and fails with an {@link javax.net.ssl.SSLException} that
   * says what the module found. The module hands over no certificates: {@code getSession()} knows
   * the peer's name and port only. It speaks TLS on new connections alone, never on one that is
   * open in clear (STARTTLS).
   */
  public SSLSocketFactory tlsSockets(ModuleTls tls) {
    return new ModuleTlsSockets(this, tls);
  }

  /**
   * Returns the factory of the module's server socket; by {@code AT+CIPSERVER}.
   *
   * <p>The module has one server, reached from its own network; binding a second socket is a {@link
   * java.net.BindException}, and a {@link WifiException} while the module is in no network. Port 0
   * takes any. {@code getInetAddress} is the module's address. What {@code accept} returns counts
   * among the five links, and so does what waits for it, at most the backlog: whoever comes then is
   * disconnected. The peer's address is asked for when it is first needed; once the peer has gone
   * it is {@code 0.0.0.0}.
   */
  public ServerSocketFactory serverSockets() {
    return new LinkServerSockets(this);
  }

  /**
   * Sends a command of the caller's own and returns the answer that ended in OK.
   *
   * <p>Blocks up to the command's limit.
   *
   * @throws AtException if the module answered ERROR
   * @throws java.net.SocketTimeoutException if it did not answer in time
   * @throws IllegalArgumentException if the command would change what the engine relies on, such as
   *     {@code AT+CIPMUX=0}; its query form is allowed
   */
  public AtReply command(AtCommand command) throws IOException {
    String text = command.toString().toUpperCase(Locale.ROOT);
    boolean own = OWN.stream().anyMatch(text::startsWith);
    if (own && !QUERY.matcher(text).matches()) {
      throw new IllegalArgumentException(command + " belongs to the engine; use sockets()");
    }
    Duration limit = command.limit().isZero() ? config.commandTimeout() : command.limit();
    try (Turn turn = take(limit)) {
      return turn.ask(command);
    }
  }

  /** Adds a listener; what happened before is not told. */
  public void addListener(ModuleListener listener) {
    events.add(listener);
  }

  /** Removes a listener; it may still hear what is being told. */
  public void removeListener(ModuleListener listener) {
    events.remove(listener);
  }

  /** Returns the counts so far. */
  public ModuleStatistics statistics() {
    return sessions.statistics();
  }

  /**
   * Closes every link and the device, within about seven seconds at worst.
   *
   * <p>Output that a socket still holds is not waited for: close sockets first. Calls that other
   * threads are blocked in end with a {@link ModuleLostException}. Closing twice is safe.
   */
  @Override
  public void close() {
    ModuleLostException cause =
        new ModuleLostException(AtException.LOST, name() + ": the module was closed", null);
    sessions.close(cause);
    events.end();
    Sessions.join(events.thread());
  }
}
