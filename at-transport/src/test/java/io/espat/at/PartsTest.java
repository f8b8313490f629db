package io.espat.at;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts of the engine, each by itself. */
class PartsTest {
  private static String line(AtCommand command) {
    return new String(command.bytes(), ISO_8859_1);
  }

  @Test
  void halfACharacterInAPassphraseIsRefusedAndNotCutOff() {
    assertThatThrownBy(() -> AtCommand.builder("AT+X").withSecret(new char[] {'a', 0xd800, 'b'}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a\ud800");
  }

  @Test
  void aCommandQuotesAndEscapes() {
    AtCommand command =
        AtCommand.builder("AT+X").with(5).with("a\"b,c\\d").withSecret("s,t".toCharArray()).build();
    assertThat(line(command)).isEqualTo("AT+X=5,\"a\\\"b\\,c\\\\d\",\"s\\,t\"\r\n");
    assertThat(command.toString()).doesNotContain("s,t").endsWith("\"********\"");
    command.wipe();
    assertThat(line(command)).doesNotContain("s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\0b"})
  void aCommandRefusesWhatWouldEndItsLine(String text) {
    assertThatThrownBy(() -> AtCommand.builder("AT+X").with(text))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AtCommand.builder("AT+X").withSecret(text.toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(text);
    assertThatThrownBy(() -> AtCommand.of("AT+" + text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCommandIsNoLongerThanALine() {
    assertThat(AtCommand.of("AT+" + "x".repeat(251)).bytes()).hasSize(256);
    assertThatThrownBy(() -> AtCommand.of("AT+" + "x".repeat(252)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AtCommand.builder("AT+X").with("y".repeat(5000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AtCommand.of("+++")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "192.0.2.1 192.0.2.1",
        "2001:db8::1 2001:db8:0:0:0:0:0:1",
        "::1 0:0:0:0:0:0:0:1",
        "1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:8"
      })
  void literalsAreAddressesWithAName(String text, String address) {
    InetAddress parsed = AddressLiteral.parse("name.test", text).orElseThrow();
    assertThat(parsed.getHostAddress()).isEqualTo(address);
    assertThat(parsed.getHostName()).isEqualTo("name.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.4.5",
        "a.b.c.d",
        "1.2.3.-4",
        "localhost",
        "::1::",
        "1:2",
        ":::",
        "12345::",
        "g::1",
        "1:2:3:4:5:6:7:8:9",
        "1::2:3:4:5:6:7:8",
        "٣.1.1.1"
      })
  void namesAreNoLiterals(String text) {
    assertThat(AddressLiteral.parse("name.test", text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"5,0,10,0,0;5 0 10 0 0", "-1,-1,3,,;0 0 3 0 0", "noise;0", "99999999999;0"})
  void lengthsAreReadLeniently(String value, String counts) {
    int[] expected = Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(RecvLen.parse(value)).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "4.2.0.0-dev,8192",
    "2.4.0.0,8192",
    "2.3.0.0,2048",
    "2.2.0.0,2048",
    "10.0.0.0,8192",
    "'',2048"
  })
  void theSendLimitFollowsTheVersionWhereTheListIsSilent(String version, int limit) {
    ModuleInfo info = new ModuleInfo(version, "", "", "", "", List.of());
    List<String> commands = List.of("+CMD:0,\"AT+CIPRECVMODE\",0,1,1,0");
    assertThat(Dialect.of(commands, info))
        .isEqualTo(
            new Dialect(limit, limit, Dialect.Receive.GLOBAL, false, false, version.isEmpty()));
  }

  @Test
  void everyMethodOfASocketIsOurOwn() {
    for (Method method : Socket.class.getMethods()) {
      boolean inherited =
          method.getDeclaringClass() == Socket.class
              && !Modifier.isStatic(method.getModifiers())
              && !Modifier.isFinal(method.getModifiers());
      if (inherited) {
        assertThat(declares(method)).as(method.toString()).isTrue();
      }
    }
  }

  private static boolean declares(Method method) {
    try {
      LinkSocket.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/ttyUSB0,serial",
    "COM3,serial",
    "auto,serial",
    "C:\\dev,serial",
    "tcp://h:1,tcp",
    "sim:x,sim",
    "/dev/serial/by-id/usb-a:b,serial"
  })
  void aSpecificationWithoutASchemeIsASerialPort(String spec, String scheme) {
    assertThat(Providers.scheme(spec)).isEqualTo(scheme);
  }

  @Test
  void unknownTextIsShownAsItsLengthOnly() {
    assertThat(Shown.line("secret words", false)).isEqualTo("(a line of 12 characters)");
    assertThat(Shown.line("AT+CWJAP=\"net\",\"secret\"", false)).doesNotContain("secret");
    assertThat(Shown.line("+CIPMUX:1", false)).isEqualTo("+CIPMUX:1");
    assertThat(Shown.line("+timeout", false)).isEqualTo("+timeout");
    assertThat(Shown.line("link is not valid", false)).isEqualTo("link is not valid");
    assertThat(Shown.line("no ip address", false)).isEqualTo("(a line of 13 characters)");
    assertThat(Shown.line("+CWJAP:\"net\"", true)).doesNotContain("net");
  }
}
