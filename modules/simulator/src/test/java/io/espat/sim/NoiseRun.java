package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Feeds a module nonsense in a virtual machine of its own, which {@link NoiseTest} starts with a
 * small heap; exit code 0 when the module still answers and no thread has thrown.
 */
final class NoiseRun {
  private static final String[] COMMANDS = {
    "AT",
    "ATE0",
    "ATE1",
    "AT+RST",
    "AT+GMR",
    "AT+CMD",
    "AT+SYSTIMESTAMP",
    "AT+SLEEP",
    "AT+SYSRAM",
    "AT+SYSMSG",
    "AT+SYSLOG",
    "AT+SYSSTORE",
    "AT+UART",
    "AT+UART_CUR",
    "AT+UART_DEF",
    "AT+CWMODE",
    "AT+CWSTATE",
    "AT+CWJAP",
    "AT+CWLAP",
    "AT+CWQAP",
    "AT+CIFSR",
    "AT+CIPSTA",
    "AT+CIPDNS",
    "AT+CIPDOMAIN",
    "AT+PING",
    "AT+CIPSNTPCFG",
    "AT+CIPSNTPTIME",
    "AT+CIPSTATUS",
    "AT+CIPSTATE",
    "AT+CIPSTART",
    "AT+CIPSTARTEX",
    "AT+CIPTCPOPT",
    "AT+CIPCLOSE",
    "AT+CIPDINFO",
    "AT+CIPMUX",
    "AT+CIPMODE",
    "AT+CIPSEND",
    "AT+CIPSENDEX",
    "AT+CIPRECVMODE",
    "AT+CIPRECVTYPE",
    "AT+CIPRECVDATA",
    "AT+CIPRECVLEN",
    "AT+RESTORE",
    "AT+NOSUCH"
  };
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
  private final SimulatedModule module;
  private final Peer peer = new Peer();
  private final AtomicReference<Throwable> thrown = new AtomicReference<>();
  private volatile String tail = "";

  private NoiseRun(long seed) throws IOException {
    random = new Random(seed);
    Duration soon = Duration.ofMillis(1);
    module =
        SimulatedModule.builder()
            .pace(new Setup.Pace(soon, soon, soon, Duration.ofSeconds(1)))
            .transcript(line -> {})
            .build();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.compareAndSet(null, e));
    background("reader", this::read);
    background("peer", this::acceptAll);
  }

  /** The seed, then "lines" or "bytes". */
  public static void main(String[] arguments) throws Exception {
    NoiseRun run = new NoiseRun(Long.parseLong(arguments[0]));
    if (arguments[1].equals("lines")) {
      run.lines(10_000);
    } else {
      run.bytes(1 << 20);
    }
    boolean answers = run.stillAnswers();
    run.module.close();
    run.peer.close();
    if (run.thrown.get() != null) {
      run.thrown.get().printStackTrace();
    }
    System.exit(!answers ? 2 : run.thrown.get() != null ? 3 : 0);
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
      write(line().getBytes(ISO_8859_1));
    }
  }

  private String line() {
    if (random.nextInt(4) == 0) {
      return garbage(random.nextInt(600)) + "\r\n";
    }
    if (random.nextInt(8) == 0) {
      return "AT+CIPSTART=" + random.nextInt(6) + ",\"TCP\",\"localhost\"," + peer.port() + "\r\n";
    }
    StringBuilder line = new StringBuilder(COMMANDS[random.nextInt(COMMANDS.length)]);
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
    for (int i = 0; i < 20; i++) {
      module.output().write("+++".getBytes(ISO_8859_1));
      module.output().write("\r\n".getBytes(ISO_8859_1));
      module.output().write("AT+GMR\r\n".getBytes(ISO_8859_1));
      long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      while (System.nanoTime() < end) {
        if (tail.endsWith("Bin version:ES4.2.0(WROOM-32)\r\n\r\nOK\r\n")) {
          return true;
        }
        Thread.onSpinWait();
      }
    }
    return false;
  }
}
