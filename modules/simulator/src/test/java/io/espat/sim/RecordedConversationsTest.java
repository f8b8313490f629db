package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The recordings of ESP-AT 4.2 and 2.1 on an ESP32, replayed: the simulator must say the same
 * bytes.
 *
 * <p>Whatever is skipped is named below with its reason; what is aside everywhere is said in {@link
 * Replay}.
 */
class RecordedConversationsTest {
  private static final Set<String> NOTHING = Set.of();

  /** Commands of the recording that this module does not have (and does not list). */
  private static final Set<String> BASIC_SKIPPED =
      Set.of("AT+CMD?"); // lists what the module has: see CommandTableTest

  private static SimulatedModule.Builder recorded() {
    return SimulatedModule.builder().wifi("Espressif").wifi("MasseyWifi").wifi("PICSimLabWifi");
  }

  private static int replay(
      SimulatedModule.Builder module, String name, Set<String> commands, Set<String> sections)
      throws Exception {
    try (Replay replay = new Replay(module.build(), commands, sections)) {
      return replay.play(Recording.read(name));
    }
  }

  @Test
  void commandsAnswerAsRecorded() throws Exception {
    Setup.Pace pace =
        new Setup.Pace(
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            Duration.ofSeconds(1), // long enough to catch the module busy
            Duration.ofSeconds(15));
    int compared = replay(recorded().pace(pace), "at420-basic.txt", BASIC_SKIPPED, NOTHING);
    assertThat(compared).isGreaterThan(5000);
  }

  @Test
  void linksBehaveAsRecorded() throws Exception {
    assertThat(replay(recorded(), "at420-tcp.txt", NOTHING, NOTHING)).isGreaterThan(9000);
  }

  @Test
  void passiveReceiveBehavesAsRecorded() throws Exception {
    assertThat(replay(recorded(), "at420-passive.txt", NOTHING, NOTHING)).isGreaterThan(70_000);
  }

  @Test
  void plusSignsCancelAsRecorded() throws Exception {
    Recording whole = Recording.read("at420-plus.txt");
    // its last line is the FIN of the recorded machine being switched off
    Recording recording = new Recording(whole.steps().subList(0, whole.steps().size() - 1));
    try (Replay replay = new Replay(recorded().build(), NOTHING, NOTHING)) {
      assertThat(replay.play(recording)).isGreaterThan(1800);
    }
  }

  @Test
  void olderLinksBehaveAsRecorded() throws Exception {
    assertThat(replay(older(), "at210-tcp.txt", NOTHING, NOTHING)).isGreaterThan(8400);
  }

  @Test
  void olderPassiveReceiveBehavesAsRecorded() throws Exception {
    assertThat(replay(older(), "at210-passive.txt", NOTHING, NOTHING)).isGreaterThan(70_000);
  }

  private static SimulatedModule.Builder older() {
    return recorded().firmware(Firmware.ESP32_AT_2_1);
  }

  /** Valid since before the recorded clock, so that it can be judged by it. */
  private static TestAuthority recordedAuthority() {
    return TestAuthority.create("Lab CA", Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static TestCertificate recordedPeer(TestAuthority authority) {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    return authority
        .certificate("lab.test")
        .rsa(2048)
        .valid(from, from.plus(Duration.ofDays(3650)))
        .build();
  }

  @Test
  void tlsBehavesAsRecorded() throws Exception {
    try (Replay replay = new Replay(recorded().build(), NOTHING, NOTHING)) {
      replay.certified(recordedPeer(recordedAuthority()));
      assertThat(replay.play(Recording.read("at420-ssl.txt"))).isGreaterThan(32_000);
    }
  }

  @Test
  void certificatesAreJudgedAsRecorded() throws Exception {
    Recording recording = Recording.read("at420-tls-verify.txt");
    String theirs =
        recording.steps().stream()
            .map(Recording.Step::text)
            .filter(text -> text.startsWith("-----BEGIN"))
            .findFirst()
            .orElseThrow();
    TestAuthority authority = recordedAuthority();
    try (Replay replay = new Replay(recorded().build(), NOTHING, NOTHING)) {
      replay.certified(recordedPeer(authority));
      replay.replacing(theirs, authority.pem());
      replay.replacing(",8," + theirs.length(), ",8," + authority.pem().length());
      assertThat(replay.play(recording)).isGreaterThan(1700);
    }
  }

  /** Waiting is shortened; how long the module waits is compared in DeadNetworkTest. */
  private static Replay deadNetwork() {
    Duration soon = Duration.ofMillis(500);
    Setup.Pace pace = new Setup.Pace(soon, soon, soon, soon);
    return new Replay(recorded().pace(pace).build(), NOTHING, NOTHING)
        .replacing("AT+CIPTCPOPT=-1,0,3000", "AT+CIPTCPOPT=-1,0,500")
        .replacing(",10\r\n", ",1\r\n"); // keep-alive
  }

  @Test
  void sendsIntoADeadNetworkBehaveAsRecorded() throws Exception {
    try (Replay replay = deadNetwork()) {
      assertThat(replay.play(Recording.read("at420-dead-network.txt"))).isGreaterThan(600);
    }
  }

  @Test
  void dialsAndKeepAliveInADeadNetworkBehaveAsRecorded() throws Exception {
    try (Replay replay = deadNetwork()) {
      assertThat(replay.play(Recording.read("at420-dead-network-2.txt"))).isGreaterThan(250);
    }
  }
}
