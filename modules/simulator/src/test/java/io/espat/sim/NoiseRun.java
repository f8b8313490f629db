package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Feeds a module nonsense in a virtual machine of its own, which {@link NoiseTest} starts with a
 * small heap; exit code 0 when the module still answers and no thread has thrown.
 */
final class NoiseRun {
  private static final List<String> COMMANDS = List.copyOf(Repertoire.NAMES);
  private static final String[] PARAMETERS = {
    "0",
    "1",
    "2",
    "4",
    "5",
    "6",
    "-1",
    "0x1F",
    "0x",
    "2147483647",
    "99999999999",
    "",
    "\"\"",
    "\"TCP\"",
    "\"SSL\"",
    "\"localhost\"",
    "\"127.0.0.1\"",
    "\"300.1.1.1\"",
    "\"espat\"",
    "\"UDP\"",
    "\"TCPv6\"",
    "\"::1\"",
    "\"client_ca\"",
    "\"client_ca.0\"",
    "\"+0530\"",
    "8",
    "8191",
    "65535",
    "\"a",
    "a\"",
    "\"a\\\"b\"",
    "\"a\\,b\"",
    "\\",
    "\"\\",
    "\u00ff\u00fe",
    "+",
    "\"x\"y"
  };

  private final Random random;
  private final Firmware firmware;
  private final boolean paced;
  private final SimulatedModule module;
  private final Peer peer = new Peer();
  private final AtomicReference<Throwable> thrown = new AtomicReference<>();
  private volatile String tail = "";

  private NoiseRun(long seed, String kind) throws IOException {
    boolean faults = kind.equals("faults");
    boolean six = kind.equals("six");
    random = new Random(seed);
    Duration soon = Duration.ofMillis(1);
    firmware =
        six ? Firmware.ESP32_AT_4 : Firmware.values()[random.nextInt(Firmware.values().length)];
    SimulatedModule.Builder builder =
        SimulatedModule.builder()
            .firmware(firmware)
            .pace(new Setup.Pace(soon, soon, soon, Duration.ofSeconds(1)))
            .transcript(line -> {});
    paced = random.nextBoolean();
    if (paced) {
      builder.line(LineModel.builder().baud(5_000_000).flowControl(3).build());
    }
    if (faults) {
      builder.seed(seed);
      for (Fault fault : Fault.values()) {
        builder.fault("chance 0.002: " + fault + (endless(fault) ? " for 20ms" : ""));
      }
    }
    module = builder.build();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.compareAndSet(null, e));
    background("reader", this::read);
    background("peer", this::acceptAll);
  }

  /**
   * The seed, then "lines", "bytes", or "faults" for lines while everything goes wrong, "six" for
   * IPv6.
   */
  public static void main(String[] arguments) throws Exception {

    NoiseRun run = new NoiseRun(Long.parseLong(arguments[0]), arguments[1]);
    if (arguments[1].equals("bytes")) {
      run.bytes(1 << 20);
    } else if (arguments[1].equals("six")) {
      run.six();
    } else {
      run.lines(run.paced ? 600 : 10_000); // AT+RESTORE makes a line slow
    }
    boolean answers = run.stillAnswers(); // the faults of a standstill have an end here
    run.module.close();
    run.peer.close();
    if (run.thrown.get() != null) {
      run.thrown.get().printStackTrace();
    }
    System.exit(!answers ? 2 : run.thrown.get() != null ? 3 : 0);
  }

  private static boolean endless(Fault fault) {
    return switch (fault) {
      case STALL_BEFORE_PROMPT, STALL_BEFORE_VERDICT, SILENT, CUT_WIRE, DEAD_NETWORK -> true;
      case WIFI_DROP, SLOW_DRIP -> true;
      default -> false;
    };
  }

  private static void background(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Keeps the last bytes only: what the module says is not bounded, this machine's heap is. */
  private void read() {
    byte[] buffer = new byte[4096];
    try (InputStream in = module.input()) {
      for (int count; (count = in.read(buffer)) >= 0; ) {
        String all = tail + new String(buffer, 0, count, ISO_8859_1);
        tail = all.substring(Math.max(0, all.length() - 8192));
      }
    } catch (IOException e) {
      tail = "";
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = peer.accept();
        background("sink", () -> chat(socket));
      }
    } catch (IOException e) {
      return; // the run is over
    }
  }

  private static void chat(Socket socket) {
    try (socket) {
      byte[] buffer = new byte[1024];
      for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
        socket.getOutputStream().write(buffer, 0, count);
      }
    } catch (IOException e) {
      return; // the module closed the link
    }
  }

  private void lines(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (i % 250 == 0) {
        escape();
      }
      write(line().getBytes(ISO_8859_1));
    }
  }

  /** Asks for IPv6, which this computer may not have. */
  private void six() throws IOException {
    String[] commands = {
      "AT+CIPV6=1",
      "AT+CIPSTART=\"TCPv6\",\"::1\"," + peer.port(),
      "AT+CIPCLOSE",
      "AT+CIPSTART=\"UDPv6\",\"::1\"," + peer.port(),
      "AT+CIPCLOSE",
      "AT+CIPMUX=1",
      "AT+CIPSERVER=1,9002,\"TCPv6\""
    };
    for (String command : commands) {
      module.output().write((command + "\r\n").getBytes(ISO_8859_1));
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  /** Leaves a send or a passthrough that would swallow the rest. */
  private void escape() throws IOException {
    LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
    module.output().write("+++".getBytes(ISO_8859_1));
    LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
  }

  private String line() {
    if (random.nextInt(4) == 0) {
      return garbage(random.nextInt(600)) + "\r\n";
    }
    if (random.nextInt(8) == 0) {
      return "AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port() + "\r\n";
    }
    if (random.nextInt(8) == 0) {
      return "AT+CIPSTART=" + random.nextInt(6) + ",\"TCP\",\"localhost\"," + peer.port() + "\r\n";
    }
    StringBuilder line = new StringBuilder(COMMANDS.get(random.nextInt(COMMANDS.size())));
    switch (random.nextInt(4)) {
      case 0 -> line.append('?');
      case 1 -> line.append('=').append(random.nextInt(3)).append(',').append(random.nextInt(300));
      case 2 -> parameters(line.append('='));
      default -> line.append(random.nextInt(9) == 0 ? "=?" : "");
    }
    return line.append(random.nextInt(50) == 0 ? "\n" : "\r\n").toString();
  }

  private void parameters(StringBuilder line) {
    for (int i = random.nextInt(20); i >= 0; i--) {
      line.append(PARAMETERS[random.nextInt(PARAMETERS.length)]).append(i == 0 ? "" : ",");
    }
  }

  private String garbage(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private void bytes(int count) throws IOException {
    for (int left = count; left > 0; ) {
      int piece = Math.min(left, 1 + random.nextInt(700));
      write(garbage(piece).getBytes(ISO_8859_1));
      left -= piece;
    }
  }

  private void write(byte[] bytes) throws IOException {
    int cut = random.nextInt(bytes.length + 1);
    module.output().write(bytes, 0, cut);
    module.output().write(bytes, cut, bytes.length - cut);
  }

  /** Leaves whatever prompt is open and asks for the version. */
  private boolean stillAnswers() throws IOException {
    List<String> version = firmware.versionLines;
    String end = version.get(version.size() - 1) + "\r\n\r\nOK\r\n";
    for (int i = 0; i < 20; i++) {
      for (String text : new String[] {"+++", "\r\n", "AT+GMR\r\n"}) {
        LockSupport.parkNanos(Duration.ofMillis(60).toNanos()); // a passthrough hears silence
        module.output().write(text.getBytes(ISO_8859_1));
      }
      long limit = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      while (System.nanoTime() < limit) {
        if (tail.endsWith(end)) {
          return true;
        }
        Thread.onSpinWait();
      }
    }
    return false;
  }
}
