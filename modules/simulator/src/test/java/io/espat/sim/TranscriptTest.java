package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptTest {

  private static List<String> texts(Queue<String> lines) {
    return lines.stream().map(line -> line.substring(11)).toList();
  }

  @Test
  void payloadIsCountedNotShown() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (SimulatedModule module = SimulatedModule.builder().transcript(lines::add).build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet();
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        host.ask("AT+CIPSEND=6", "\r\nOK\r\n\r\n>");
        host.send("secret");
        host.expect("\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n");
        Peer.send(far, "answer");
        host.expect("\r\n+IPD,6:answer\r\n");
      }
      host.expect("CLOSED\r\n");
    }
    assertThat(texts(lines))
        .contains(
            ">> \"AT+CIPSEND=6\\r\\n\"",
            ">> \"<<6 bytes>>\"",
            "<< \"\\r\\n+IPD,6:<<6 bytes>>\\r\\n\"")
        .noneMatch(line -> line.contains("secret") || line.contains("answer"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+CWJAP=\"net\",\"hunter2pass\"",
        "at+cwjap=\"ne\\,t\",\"hunter2pass\",\"10:01:00:c4:0a:51\"",
        "xAT+CWJAP=\"net\",hunter2pass",
        "AT+CWJAP =\"net\",\"hunter2pass\"",
        "AT+CWSAP=\"net\",\"hunter2pass\",5,3",
        "AT+CIPSSLCPSK=\"hunter2pass\",\"hint\"",
        "AT+CIPSSLCPSKHEX=\"hunter2pass\",\"hint\"",
        "AT+CWJEAP=\"net\",0,\"identity\",\"user\",\"hunter2pass\",0",
        "AT+MQTTUSERCFG=0,1,\"id\",\"user\",\"hunter2pass\",0,0,\"\"",
        "AT+CWSTARTSMART=4,0,\"hunter2pass\"",
        "AT+CWJAP=,\"hunter2pass\"",
        "AT+CWJAP=\"net\"-\"hunter2pass\"", // one bit of the comma
        "AT+CWJAP=net\",\"hunter2pass\"", // a lost byte
        "AT+CWJQ=\"net\",\"hunter2pass\"",
        "AT+CWJAP:\"net\",\"hunter2pass\"",
        "AT+CWJAP=\"net\",\"\\\"hunter2pass\""
      })
  void passphrasesNeverAppear(String command) throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (SimulatedModule module =
            SimulatedModule.builder().transcript(lines::add, true).wifi("net").build();
        HostSide host = HostSide.of(module)) {
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
      host.send(command + "\r\n", 7);
      host.expect(command + "\r\n");
      String end = host.until("\r\n");
      assertThat(end).isNotEmpty();
    }
    assertThat(texts(lines))
        .anyMatch(line -> line.startsWith(">> "))
        .noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void payloadThatComesWithoutAPromptIsOnlyCounted() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (SimulatedModule module = SimulatedModule.builder().transcript(lines::add, true).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSEND=30", "\r\nERROR\r\n");
      host.ask("AUTH PLAIN hunter2pass", "\r\nERROR\r\n");
    }
    assertThat(texts(lines))
        .contains(">> \"<<24 bytes dropped>>\"")
        .noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void linesHaveTheFormOfTheRecordings() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (SimulatedModule module = SimulatedModule.builder().transcript(lines::add).build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
    }
    assertThat(lines).allMatch(line -> line.matches(" {4,}\\d+\\.\\d{3} (>>|<<) \".*\""));
    assertThat(texts(lines))
        .containsSequence(">> \"ATE0\\r\\n\"", "<< \"ATE0\\r\\n\"", "<< \"\\r\\nOK\\r\\n\"");
  }

  @Test
  void aListenerThatThrowsDoesNotEndTheModule() throws Exception {
    Consumer<String> listener =
        line -> {
          throw new IllegalStateException("a full disk");
        };
    try (SimulatedModule module = SimulatedModule.builder().transcript(listener).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT", "\r\nOK\r\n");
    }
  }
}
