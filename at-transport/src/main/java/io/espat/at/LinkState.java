package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the module says of one of its links, by {@code AT+CIPSTATE?} or {@code AT+CIPSTATUS}.
 *
 * @param remote the peer, with its digits as the name
 * @param accepted whether the module's server accepted it
 */
record LinkState(int id, InetSocketAddress remote, boolean accepted) {
  private static final Pattern LINE =
      Pattern.compile("\\+CIPSTAT(?:E|US):(\\d),\"[^\"]*\",\"([^\"]*)\",(\\d{1,5}),\\d{1,5},(\\d)");

  /** Asks for one link; empty when the module says nothing of it. */
  static Optional<LinkState> of(int id, Turn turn) throws IOException {
    return lines(turn).stream()
        .map(LinkState::parse)
        .flatMap(Optional::stream)
        .filter(state -> state.id() == id)
        .findFirst();
  }

  /** CIPSTATE is there since 2.3, CIPSTATUS where it is not. */
  private static List<String> lines(Turn turn) throws IOException {
    try {
      return turn.ask(AtCommand.of("AT+CIPSTATE?")).lines();
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return turn.ask(AtCommand.of("AT+CIPSTATUS")).lines();
    }
  }

  /** Reads {@code +CIPSTATE:0,"TCP","192.0.2.1",51234,20000,1}. */
  static Optional<LinkState> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      return Optional.empty();
    }
    Optional<InetAddress> address = AddressLiteral.parse(matcher.group(2), matcher.group(2));
    int port = Integer.parseInt(matcher.group(3));
    return address.map(
        peer ->
            new LinkState(
                Integer.parseInt(matcher.group(1)),
                new InetSocketAddress(peer, port),
                matcher.group(4).equals("1")));
  }
}
