package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Recording.Kind;
import io.espat.sim.Recording.Step;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Plays the host's and the peers' side of a recording against a simulated module and compares what
 * the module says, byte for byte.
 *
 * <p>Aside are only what no two runs share: the peer's address and port, local ports, times, signal
 * strength, and the radio's channel and address in scan results, and free memory.
 */
final class Replay implements AutoCloseable {
  private static final Pattern DIAL =
      Pattern.compile("AT\\+CIPSTART=.*\"10\\.0\\.2\\.2\",(\\d{5}).*");
  private static final Pattern CONNECTION =
      Pattern.compile("(\\w+): (?:connection|conn) (\\d+) (.*)");
  private static final Pattern TLS_UP = Pattern.compile("\\w+: TLS up (\\S+) (\\S+) .*");
  private static final Pattern TLS_FAILED =
      Pattern.compile("\\w+: TLS handshake failed: .* alert (.*) \\(.*");
  private static final Pattern PORT = Pattern.compile("\",(\\d{5})\\b");
  private static final int TOO_LARGE = 99999;

  private final SimulatedModule module;
  private final HostSide host;
  private final Set<String> skippedCommands;
  private final Set<String> skippedSections;
  private final Map<String, Peer> peers = new HashMap<>(); // by recorded port
  private final Map<String, Socket> connections = new HashMap<>(); // by "name number"
  private final Map<String, String> replaced = new LinkedHashMap<>(); // recorded text by ours
  private @Nullable TestCertificate certificate; // of peers that do TLS
  private SecurePeer.@Nullable Connection secured; // shaken hands with, not yet named
  private final Map<Socket, SecurePeer.Connection> secure = new HashMap<>();
  private long expected; // of what peers sent, how much the module takes unread
  private boolean security; // the dial under way is to become TLS
  private String dialled = "";
  private Socket last = new Socket();
  private long peersSent;
  private final List<String> said = new ArrayList<>(); // what the recording says next
  private int sends; // by peers since the module last spoke
  private @Nullable Arrivals arrivals; // while a peer waits with more than the module holds
  private boolean windowWatched;
  private String command = "";
  private long hostSent;
  private boolean networkBack; // but TCP has not tried again yet
  private boolean skippingCommand;
  private boolean skippingSection;
  private int compared;

  Replay(SimulatedModule module, Set<String> skippedCommands, Set<String> skippedSections) {
    this.module = module;
    this.host = HostSide.of(module);
    this.skippedCommands = skippedCommands;
    this.skippedSections = skippedSections;
  }

  /** Gives the peers that do TLS their certificate. */
  Replay certified(TestCertificate by) {
    certificate = by;
    return this;
  }

  /** Says something of ours where the recording says something of its own. */
  Replay replacing(String recorded, String ours) {
    replaced.put(recorded, ours);
    return this;
  }

  /** Plays all steps and returns how many bytes were compared. */
  int play(Recording recording) throws IOException {
    for (Step step : joined(recording.steps())) {
      if (step.kind() == Kind.NOTE) {
        note(step.text());
      } else if (!skippingSection) {
        play(step);
      }
    }
    compareSaid();
    assertThat(host.pending()).as("bytes left over").isZero();
    return compared;
  }

  /** What the module says without a step between is one step. */
  private static List<Step> joined(List<Step> steps) {
    List<Step> joined = new ArrayList<>();
    for (Step step : steps) {
      int last = joined.size() - 1;
      if (step.kind() == Kind.MODULE && last >= 0 && joined.get(last).kind() == Kind.MODULE) {
        joined.set(last, new Step(Kind.MODULE, joined.get(last).text() + step.text()));
      } else {
        joined.add(step);
      }
    }
    return joined;
  }

  private void note(String text) throws IOException {
    if (text.startsWith("== ")) {
      compareSaid();
      networkBack();
      Arrivals before = arrivals;
      arrivals = null;
      if (before != null) {
        before.complete();
      }
      windowWatched = text.contains(" bytes waiting");
      skippingSection = skippedSections.contains(text.substring(3).strip());
      skippingCommand = false;
    }
  }

  private void play(Step step) throws IOException {
    switch (step.kind()) {
      case HOST -> {
        compareSaid();
        skippingCommand = skippedCommands.contains(step.text().strip());
        if (arrivals != null) {
          command = step.text(); // sent once it is known what has arrived by then
        } else if (!skippingCommand) {
          awaitPeers();
          send(here(step.text()));
        }
      }
      case MODULE -> {
        if (arrivals != null) {
          said(arrivals, step.text());
        } else if (!skippingCommand) {
          said.add(step.text());
        }
      }
      case PEER -> {
        if (!skippingCommand) {
          peer(step.text());
        }
      }
      case NOTE -> throw new AssertionError("handled before");
    }
  }

  /** Compares an answer, or a notice, while a peer waits with more than the module holds. */
  private void said(Arrivals from, String text) throws IOException {
    if (command.isEmpty()) {
      from.beforeNotice(text);
      said.add(text);
      compareSaid();
      return;
    }
    from.beforeAnswer(command, text);
    send(command);
    int came = from.afterwards(command, text);
    said.add(came == 0 ? text : text.substring(0, text.lastIndexOf("\r\n+IPD,")));
    compareSaid();
    if (came > 0) { // how much of it the notice counts is a matter of the network's timing
      from.hold(came);
      assertThat(host.until("\r\n+IPD,") + host.until("\r\n")).matches("\r\n\\+IPD,\\d+\r\n");
    }
    command = "";
  }

  private void send(String text) throws IOException {
    hostSent += text.length();
    host.send(text);
  }

  /** Lets the network live again, once the module has dropped all that it was to drop before. */
  private void networkBack() {
    if (networkBack) {
      HostSide.eventually("the host is heard", () -> module.bytesFromHost() == hostSent);
      module.network(true);
      networkBack = false;
    }
  }

  /** What peers sent must have reached the module before the host's next word. */
  private void awaitPeers() {
    HostSide.eventually(expected + " bytes from peers", () -> module.bytesFromPeers() >= expected);
  }

  /** Turns the recorded peer into ours. */
  private String here(String text) throws IOException {
    Matcher dial = DIAL.matcher(text.strip());
    if (dial.matches() && Integer.parseInt(dial.group(1)) != TOO_LARGE) {
      dialled = dial.group(1);
      security = text.contains("\"SSL\"");
      if (!peers.containsKey(dialled)) {
        peers.put(dialled, new Peer());
      }
    }
    return translate(text);
  }

  private String translate(String text) {
    String here = text;
    if (!text.contains("+CIPSTA:") && !text.contains("+CIFSR:")) {
      here = here.replace("\"10.0.2.2\"", "\"127.0.0.1\"");
    }
    for (Map.Entry<String, String> each : replaced.entrySet()) {
      here = here.replace(each.getKey(), each.getValue());
    }
    return PORT.matcher(here).replaceAll(this::port); // at once: one of ours may be a recorded one
  }

  private String port(MatchResult match) {
    Peer peer = peers.get(match.group(1));
    return peer == null ? match.group() : "\"," + peer.port();
  }

  private void compareSaid() throws IOException {
    if (said.isEmpty()) {
      return;
    }
    String expected = translate(String.join("", said));
    String got = variable(expected) ? untilSame(expected) : host.take(expected.length());
    compared += expected.length();
    if (sends > 1) { // two links at once: either may be first
      expected = framesInOrder(expected);
      got = framesInOrder(got);
    }
    said.clear();
    sends = 0;
    String masked = mask(expected);
    if (!mask(got).equals(masked)) {
      throw new AssertionError(
          "after "
              + compared
              + " bytes\nexpected <"
              + HostSide.shown(masked)
              + ">\n   heard <"
              + HostSide.shown(mask(got))
              + ">");
    }
  }

  private static String framesInOrder(String text) {
    String[] frames = text.split("(?=\r\n\\+IPD,)");
    Arrays.sort(frames);
    return String.join("", frames);
  }

  private static boolean variable(String text) {
    return !mask(text).equals(text);
  }

  /** Reads up to the last line of the expected text, since its length may differ. */
  private String untilSame(String expected) {
    String tail = expected.substring(expected.lastIndexOf("\r\n", expected.length() - 3));
    StringBuilder got = new StringBuilder();
    for (int i = count(expected, tail); i > 0; i--) {
      got.append(host.until(tail));
    }
    return got.toString();
  }

  private static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private static String mask(String text) {
    String masked =
        text.replaceAll("(\\+CIPSTAT(?:E|US):.*),\\d+,0\r\n", "$1,*,0\r\n")
            .replaceAll("\\+SYSTIMESTAMP:\\d+", "+SYSTIMESTAMP:*")
            .replaceAll("(\\+CIPSNTPTIME:Thu Jan  1 00:0)\\d:\\d\\d", "$1*:**")
            .replaceAll("(\\+CIPSNTPTIME:.*:\\d\\d:)\\d\\d( 20\\d\\d)", "$1**$2")
            .replaceAll("\\+SYSRAM:\\d+,\\d+", "+SYSRAM:*")
            .replaceAll("\\+PING:\\d+", "+PING:*")
            .replaceAll("(\\+CWLAP:\\(0,\"\\w+\"),-\\d+,\"[0-9a-f:]+\",\\d+,", "$1,*,*,*,");
    if (!masked.contains("+CWLAP:(")) {
      return masked;
    }
    String[] lines = masked.split("(?=\\+CWLAP:)|(?<=\\)\r\n)(?!\\+CWLAP)");
    Arrays.sort(lines, 0, lines.length);
    return String.join("", lines);
  }

  private void peer(String text) throws IOException {
    if (text.startsWith("network behind the access point")) {
      compareSaid();
      networkBack = text.endsWith("BACK"); // for the peers: until then TCP has not tried again
      if (!networkBack) {
        module.network(false);
      }
      return;
    }
    networkBack();
    if (text.equals("host half-closes")) {
      last.shutdownOutput();
      return;
    }
    if (text.contains(": TLS ")) {
      shakeHands(text);
      return;
    }
    Matcher matcher = CONNECTION.matcher(text);
    assertThat(matcher.matches()).as(text).isTrue();
    String name = matcher.group(1) + " " + matcher.group(2);
    String what = matcher.group(3);
    if (what.equals("accepted")) {
      last = accepted();
      connections.put(name, last);
      return;
    }
    act(matcher.group(1), connections.get(name), what);
  }

  /** What was accepted: in TLS when hands were shaken before. */
  private Socket accepted() throws IOException {
    SecurePeer.Connection connection = secured;
    secured = null;
    if (connection == null) {
      return peers.get(dialled).accept();
    }
    security = false;
    secure.put(connection.tls(), connection);
    return connection.tls();
  }

  private void shakeHands(String text) throws IOException {
    TestCertificate own = Objects.requireNonNull(certificate, "no certificate for TLS");
    SecurePeer peer = new SecurePeer(peers.get(dialled), own.serverContext());
    Matcher up = TLS_UP.matcher(text);
    if (up.matches()) {
      secured = peer.connection();
      SSLSession session = secured.tls().getSession();
      assertThat(session.getProtocol()).isEqualTo(up.group(1));
      String suite = session.getCipherSuite().replace("TLS_", "").replace("WITH_", "");
      assertThat(suite.replace("AES_", "AES").replace('_', '-')).isEqualTo(up.group(2));
      return;
    }
    Matcher failed = TLS_FAILED.matcher(text);
    assertThat(failed.matches()).as(text).isTrue();
    assertThatThrownBy(peer::connection)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining(failed.group(1).replace(' ', '_'));
  }

  private void act(String name, Socket socket, String what) throws IOException {
    if (security) {
      actInClear(socket, what);
    } else if (what.startsWith("received")) {
      String expected = Recording.quoted(what);
      assertThat(Peer.receive(socket, expected.length())).isEqualTo(expected);
      if (name.equals("echo")) {
        sendFrom(socket, expected);
      }
    } else if (what.startsWith("sends")) {
      compareSaid();
      if (windowWatched) {
        arrivals = new Arrivals(socket, Recording.quoted(what), this::sent);
      } else {
        sends++;
        sendFrom(socket, Recording.quoted(what));
      }
    } else if (what.equals("host closes")) {
      compareSaid();
      if (secure.containsKey(socket)) {
        secure.get(socket).socket().close(); // without close_notify, as the recorded peer did
      }
      socket.close();
    } else if (what.equals("host RST")) {
      compareSaid();
      socket.setSoLinger(true, 0);
      socket.close();
    } else if (what.startsWith("peer closed (FIN)")) {
      assertThat(socket.isClosed() ? -1 : socket.getInputStream().read()).isEqualTo(-1);
    } else {
      assertThat(what).startsWith("recv error");
    }
  }

  /** A peer that knows no TLS, dialled for TLS: what it hears is no word of the recording's. */
  private void actInClear(Socket socket, String what) throws IOException {
    if (what.startsWith("sends")) {
      Peer.send(socket, Recording.quoted(what));
    } else if (what.startsWith("received")) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(in.readUnsignedShort()).as("a handshake of TLS").isEqualTo(0x1603);
      in.readByte();
      assertThat(in.readNBytes(in.readUnsignedShort())).startsWith(1); // the client's hello
    } else {
      assertThat(socket.getInputStream().read()).as(what).isEqualTo(-1);
    }
  }

  private void sent(int count) {
    peersSent += count;
    expected = peersSent;
    awaitPeers();
  }

  private void sendFrom(Socket socket, String text) throws IOException {
    int record = secure.containsKey(socket) ? TlsChannel.RECORD : text.length();
    expected = peersSent + Math.min(text.length(), record); // then it waits to be read
    peersSent += text.length();
    Peer.send(socket, text);
  }

  @Override
  public void close() throws IOException {
    host.close();
    module.close();
    for (Socket socket : connections.values()) {
      socket.close();
    }
    for (Peer peer : peers.values()) {
      peer.close();
    }
  }
}
