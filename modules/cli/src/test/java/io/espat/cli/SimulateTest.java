package io.espat.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espat.sim.Firmware;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code espat simulate} with a firmware, a speed and faults, and the same behind {@code sim:?}.
 */
class SimulateTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--firmware | esp9999            | the firmwares are esp32c5-5, esp32-4",
        "--fault    | BUSSY              | there is no fault BUSSY; the faults are [BUSY,",
        "--fault    | BUSY@1.5           | a probability is 0..1, not 1.5",
        "--fault    | at byte x: BUSY    | when is one of",
        "--baud     | fast               | write a whole number",
        "--baud     | 79                 | write a speed of 80 to 5000000",
        "--baud     | 99999999999        | write a speed of 80 to 5000000",
        "--seed     | x                  | write a whole number",
        "--fault    | LOST_BYTE@         | a probability is 0..1",
        "--listen   | 127.0.0.1          | write ADDRESS:PORT",
        "--listen   | 99999              | write ADDRESS:PORT",
        "--listen   | 999.1.1.1:0        | write ADDRESS:PORT",
        "--listen   | 1.2:0              | write ADDRESS:PORT",
        "--listen   | [abc]:0            | write ADDRESS:PORT",
        "--host     | mail.test          | write NAME=ADDRESS, as mail.test",
      })
  void whatCannotBeMeantSoIsNamed(String option, String value, String said) {
    Cli.Outcome outcome = new Cli().run("simulate", option, value);
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("[E-USAGE]", option, said);
  }

  @Test
  void aScriptThatCannotBeReadIsNamedWithItsLine() throws IOException {
    Path script = folder.resolve("bad.faults");
    Files.writeString(script, "# one line is wrong\nonce: BUSY\nat midnight: WIFI_DROP\n");
    Cli.Outcome outcome = new Cli().run("simulate", "--script", script.toString());
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("bad.faults", "line 3: when is one of");
    Cli.Outcome absent = new Cli().run("simulate", "--script", folder + "/absent");
    assertThat(absent.code()).isEqualTo(66);
    assertThat(absent.err()).contains("[E-FILE-READ]", "absent");
  }

  @Test
  void aScriptThatIsNoTextIsNamed() throws IOException {
    Path bytes =
        Files.write(folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', (byte) 0xff});
    Cli.Outcome outcome = new Cli().run("simulate", "--script", bytes.toString());
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("picture.png: it is not UTF-8 text");
    Cli.Outcome of = new Cli().run("simulate", "--script", folder.toString());
    assertThat(of.code()).isEqualTo(66);
    assertThat(of.err()).contains(folder + ": ");
  }

  @Test
  void theHelpNamesTheFirmwares() {
    String help = new Cli().run("simulate", "--help").out().replaceAll("\\s+", " ");
    for (Firmware each : Firmware.values()) assertThat(help).contains(each.title());
  }

  @Test
  void theModuleIsWhatTheOptionsSay() throws Exception {
    Path script = folder.resolve("night.faults");
    Files.writeString(script, "at AT+GMR #2: SILENT\n");
    String[] options = {
      "simulate",
      "--listen",
      "127.0.0.1:0",
      "--firmware",
      "esp8266-2",
      "--script",
      script.toString(),
      "--fault",
      "BUSY_EXECUTED",
      "--seed",
      "11",
      "--baud",
      "460800"
    };
    try (Simulator simulator = new Simulator(options)) {
      assertThat(simulator.said())
          .contains("simulated module: esp8266-2, on its Wi-Fi", "--seed 11 makes the same");
      Cli.Outcome info = new Cli().run("info", "-d", simulator.device());
      assertThat(info.err()).isEmpty();
      assertThat(info.out()).contains("firmware  AT 2.2.", "UART      46");
    }
  }

  @Test
  void theSerialPortThatSocatMakesCanBeOpenedTwice() throws Exception {
    assumeTrue(socatIsThere(), "socat is not installed");
    Path port;
    try (Simulator simulator = new Simulator("simulate", "--listen", "127.0.0.1:0")) {
      Matcher path = Pattern.compile("-d (/\\S+/module)\n").matcher(simulator.said());
      assertThat(path.find()).isTrue();
      port = Path.of(path.group(1));
      for (int i = 0; i < 2; i++) {
        awaitPort(port);
        try (RandomAccessFile serial = new RandomAccessFile(port.toFile(), "rw")) {
          serial.write("AT\r\n".getBytes(US_ASCII));
          StringBuilder heard = new StringBuilder();
          for (int octet; heard.indexOf("\r\nOK\r\n") < 0; heard.append((char) octet)) {
            octet = serial.read();
            assertThat(octet).as("the end of the port behind " + heard).isNotNegative();
          }
        }
        Cli.Outcome info = new Cli().run("info", "-d", simulator.device()); // TCP is free again
        assertThat(info.code()).isZero();
      }
    }
    assertThat(port).doesNotExist();
    assertThat(port.getParent()).doesNotExist();
  }

  private static void awaitPort(Path port) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.exists(port)) {
      assertThat(System.nanoTime()).as("no serial port within 10 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static boolean socatIsThere() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, "socat")));
  }

  @Test
  void aModuleInThisProcessTakesTheSameOptions() {
    Cli.Outcome info = new Cli().run("info", "-d", "sim:?firmware=esp32-2.1&seed=3");
    assertThat(info.err()).isEmpty();
    assertThat(info.out()).contains("firmware  AT 2.1.");
    Cli.Outcome silent =
        new Cli().run("info", "-d", "sim:localhost.test=127.0.0.1?seed=3&fault=at%20AT: SILENT");
    assertThat(silent.code()).isEqualTo(74);
    assertThat(silent.err()).contains("(seed 3)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sim:?colour=blue       | it has host, firmware, baud, fault, script and seed",
        "sim:?firmware=esp9999  | the firmwares are",
        "sim:?fault=%zz         | write a percent sign as %25",
      })
  void aDeviceThatCannotBeReadIsNamed(String device, String said) {
    Cli.Outcome outcome = new Cli().run("info", "-d", device);
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains(said);
  }

  /** {@code espat simulate} in another thread of this process. */
  private static final class Simulator implements AutoCloseable {
    private final Cli cli = new Cli();
    private final Main main = cli.main();
    private final CompletableFuture<Integer> running;

    Simulator(String... args) {
      running = CompletableFuture.supplyAsync(() -> main.run(args));
    }

    String said() throws InterruptedException {
      return cli.awaitOut("interrupt to end it");
    }

    String device() throws InterruptedException {
      Matcher device = Pattern.compile("tcp://[0-9.]+:[0-9]+").matcher(said());
      assertThat(device.find()).isTrue();
      return device.group();
    }

    @Override
    public void close() {
      main.interrupt();
      assertThat(running).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }
}
