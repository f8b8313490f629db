package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Wi-Fi station: networks in range, joining, leaving, restarting; loop thread only. */
final class Station {
  private static final int NOT_FOUND = 3;

  /** How long a restart waits for what was said to leave, as a CTS that is off prevents. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Setup setup;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final CommandPort port;
  private boolean joined;
  private @Nullable Runnable addressAwaited; // takes the address to come back
  private @Nullable Runnable rejoining; // after a loss; takes it back
  private Runnable booting = () -> {}; // takes it back
  private final List<Runnable> addressed = new ArrayList<>();

  Station(Setup setup, EventLoop loop, Uart uart, Memory memory, Links links, CommandPort port) {
    this.setup = setup;
    this.loop = loop;
    this.uart = uart;
    this.memory = memory;
    this.links = links;
    this.port = port;
    port.onForcedRestart(() -> restart(false));
  }

  boolean joined() {
    return joined;
  }

  /** Whether the station is with an access point and still without an address. */
  boolean awaitsAddress() {
    return addressAwaited != null;
  }

  List<Network> range() {
    return setup.networks();
  }

  int channel(Network network) {
    return 1 + (4 + 5 * setup.networks().indexOf(network)) % 13;
  }

  String bssid(Network network) {
    return String.format("10:01:00:c4:0a:%02x", 0x51 + setup.networks().indexOf(network));
  }

  @Nullable Network current() {
    return joined ? inRange(memory.kept().ssid) : null;
  }

  private @Nullable Network inRange(String ssid) {
    for (Network network : setup.networks()) {
      if (network.ssid().equals(ssid)) {
        return network;
      }
    }
    return null;
  }

  /** Comes up as a module that has been on for a while: joined, with an address. */
  void switchOn() {
    if (setup.joined()) {
      Network first = setup.networks().get(0);
      memory.kept().ssid = first.ssid();
      memory.kept().passphrase = first.passphrase();
      memory.store();
    }
    boolean joins = joinsByItself();
    boot(joins);
    if (joins) {
      addressed();
    }
  }

  private boolean joinsByItself() {
    return memory.kept().station() && memory.kept().joinsByItself && verdict() == 0;
  }

  /** The code that joining the stored network ends with, 0 for success. */
  private int verdict() {
    Network network = inRange(memory.kept().ssid);
    return network == null ? NOT_FOUND : network.verdict(memory.kept().passphrase);
  }

  private void boot(boolean joins) {
    boolean before = setup.firmware().has(Trait.JOINS_BEFORE_READY);
    String join = joins ? "WIFI CONNECTED\r\n" : "";
    uart.say(before ? join + "\r\nready\r\n" : "\r\nready\r\n" + join);
    port.ready();
  }

  private void addressed() {
    addressAwaited = null;
    joined = true;
    links.networkFound();
    links.words().status("WIFI GOT IP\r\n");
    addressed.forEach(loop::post);
  }

  /** Names one who hears that the station has an address, once what led to it is done. */
  void whenAddressed(Runnable listener) {
    addressed.add(listener);
  }

  /** Restarts the module; links end without a word and what is volatile is forgotten. */
  void restart(boolean factory) {
    uart.say("\r\nOK\r\n");
    if (dissociate() && !factory) {
      links.words().status("WIFI DISCONNECT\r\n");
    }
    links.drop();
    goDown(factory, LAST_WORDS);
  }

  /** Restarts the module in the middle of anything; what was not yet on the wire is lost. */
  void crash() {
    uart.flush();
    uart.lost();
    dissociate();
    port.restarting();
    links.abort();
    goDown(false, Duration.ZERO);
  }

  private void goDown(boolean factory, Duration lastWords) {
    memory.restart(factory);
    port.restarting();
    booting.run();
    long last = System.nanoTime() + lastWords.toNanos();
    booting = loop.after(setup.pace().boot(), () -> restarted(last));
  }

  /** Loses the access point, and finds it again after a time. */
  void lose(Duration away) {
    if (!dissociate()) {
      return;
    }
    uart.say("WIFI DISCONNECT\r\n");
    links.networkGone();
    port.networkLost();
    rejoining = loop.after(away, this::rejoin);
  }

  private void rejoin() {
    rejoining = null;
    if (joinsByItself()) {
      uart.say("WIFI CONNECTED\r\n");
      addressAwaited = loop.after(setup.pace().address(), this::addressed);
    }
  }

  /** Whether the access point was lost and is looked for. */
  boolean rejoining() {
    return rejoining != null;
  }

  private void restarted(long last) {
    if (uart.unsent() && System.nanoTime() < last) {
      booting = loop.after(LOOK_AGAIN, () -> restarted(last));
      return;
    }
    uart.restart(memory.settings().uart);
    boolean joins = joinsByItself();
    if (setup.firmware().has(Trait.LOADER_ON_PORT)) {
      int baud = memory.settings().uart.baud();
      uart.say(new String(BootNoise.heardAt(baud), ISO_8859_1));
    }
    boot(joins);
    if (joins) {
      addressAwaited = loop.after(setup.pace().address(), this::addressed);
    }
  }

  /** Says whether the station was with an access point, which it is not afterwards. */
  private boolean dissociate() {
    Runnable looking = rejoining;
    if (looking != null) {
      looking.run();
      rejoining = null;
    }
    Runnable awaited = addressAwaited;
    boolean was = joined || awaited != null;
    if (awaited != null) {
      awaited.run();
      addressAwaited = null;
    }
    joined = false;
    return was;
  }

  /** Runs {@code AT+CWJAP} for the network that flash names. */
  void join() {
    if (dissociate()) {
      links.words().status("WIFI DISCONNECT\r\n");
      links.networkLost();
    }
    loop.after(setup.pace().scan(), port.guard(this::joinEnds));
  }

  private void joinEnds() {
    int code = verdict();
    if (code != 0) {
      uart.say("+CWJAP:" + code + "\r\n");
      if (setup.firmware().has(Trait.JOIN_FAILS_WITH_FAIL)) {
        port.verdict("\r\nFAIL\r\n");
      } else {
        port.refuse(Refusal.plain());
      }
      return;
    }
    links.words().status("WIFI CONNECTED\r\n");
    loop.after(
        setup.pace().address(),
        port.guard(
            () -> {
              addressed();
              port.done();
            }));
  }

  /** Leaves the network; the links say CLOSED after the OK, as recorded. */
  void leave() {
    if (setup.firmware().has(Trait.LEAVES_AFTER_OK)) {
      port.done();
      links.networkLostTwice();
      if (dissociate()) {
        uart.say("WIFI DISCONNECT\r\n");
      }
      return;
    }
    if (dissociate()) {
      links.words().status("WIFI DISCONNECT\r\n");
    }
    port.done();
    links.networkLost();
  }

  /** Ends {@code AT+CWMODE}: leaving station mode leaves the network. */
  void modeChanged() {
    if ((joined || awaitsAddress()) && !memory.kept().station()) {
      leave();
    } else {
      port.done();
    }
  }
}
