package io.espat.at;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Secrets planted where they belong are found nowhere else, with everything logged. */
@Isolated("it listens to all loggers")
class SecretsTest {
  private static final String PASSPHRASE = "correct,horse\"battery\\staple";
  private static final String NAME = "io.espat.at";
  private static final String PAYLOAD = "PASS planted-in-payload";

  private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
  private final AbstractAppender appender =
      new AbstractAppender("secrets", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          logged.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
        }
      };
  private LoggerContext context;

  @BeforeEach
  void listen() {
    context = (LoggerContext) LogManager.getContext(false);
    appender.start();
    LoggerConfig ours = new LoggerConfig(NAME, Level.ALL, false); // and not on the console
    ours.addAppender(appender, Level.ALL, null);
    context.getConfiguration().addLogger(NAME, ours);
    context.updateLoggers();
  }

  @AfterEach
  void restore() {
    context.getConfiguration().removeLogger(NAME);
    context.updateLoggers();
  }

  @Test
  void nothingSecretIsLoggedOrTold() throws IOException {
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    ModuleConfig config =
        ModuleConfig.builder()
            .listener(
                new ModuleListener() {
                  @Override
                  public void exchanged(String command, String outcome, Duration took) {
                    told.add(command + " " + outcome);
                  }
                })
            .build();
    try (SimulatedModule simulated =
            SimulatedModule.builder().joined(false).wifi("net", PASSPHRASE.toCharArray()).build();
        EspAtModule module =
            EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), config);
        Peers peers = Peers.echo()) {
      module.joinWifi("net", PASSPHRASE.toCharArray());
      try (Socket socket = module.sockets().createSocket("127.0.0.1", peers.port())) {
        socket.getOutputStream().write(PAYLOAD.getBytes(US_ASCII));
        new DataInputStream(socket.getInputStream()).readFully(new byte[PAYLOAD.length()]);
      }
    }
    String everything = String.join("\n", logged) + String.join("\n", told);
    assertThat(everything).contains("AT+CWJAP=\"net\",\"********\"").contains("SEND OK");
    assertThat(everything).doesNotContain("horse").doesNotContain("staple");
    assertThat(everything).doesNotContain("planted");
  }
}
