package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Fault;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listeners hear, in which order, and that nobody waits for them. */
@Timeout(60)
class ListenerTest {
  /** What a listener was told: the event and its last argument but times. */
  private record Event(String name, List<Object> values) {}

  /** Called for each event before it is noted. */
  private interface Look {
    void at(Event event) throws Exception;
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** Listens to every method there is, so that none is forgotten. */
  private ModuleListener listener(Look look) {
    return (ModuleListener)
        Proxy.newProxyInstance(
            ModuleListener.class.getClassLoader(),
            new Class<?>[] {ModuleListener.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals") ? proxy == arguments[0] : 1;
              }
              Event event = event(method, arguments);
              look.at(event);
              events.add(event);
              return null;
            });
  }

  private static Event event(Method method, Object[] arguments) {
    List<Object> values = new ArrayList<>();
    Arrays.stream(arguments)
        .filter(value -> !(value instanceof Duration))
        .forEach(value -> values.add(value == null ? "nothing" : value));
    return new Event(method.getName(), Collections.unmodifiableList(values));
  }

  private @Nullable Event await(String name) throws InterruptedException {
    Event next = events.poll(20, TimeUnit.SECONDS);
    while (next != null && !next.name().equals(name)) {
      next = events.poll(20, TimeUnit.SECONDS);
    }
    assertThat(next).as("the event %s", name).isNotNull();
    return next;
  }

  private static EspAtModule open(SimulatedModule simulated, ModuleListener listener)
      throws IOException {
    return open(simulated, listener, ReceiveMode.AUTO);
  }

  private static EspAtModule open(
      SimulatedModule simulated, ModuleListener listener, ReceiveMode mode) throws IOException {
    return EspAtModule.open(
        ByteStream.of(simulated.input(), simulated.output()),
        ModuleConfig.builder()
            .listener(listener)
            .receive(mode)
            .recovery(new Recovery(3, Duration.ofSeconds(30), Duration.ofMillis(20)))
            .build());
  }

  private List<String> names() {
    return events.stream().map(Event::name).filter(name -> !name.equals("exchanged")).toList();
  }

  @Test
  void theLifeOfALinkAndOfItsModuleIsToldInOrder() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, listener(event -> {}))) {
      assertThat(await("line").values().get(0)).isEqualTo(module.line());
      Socket clean = module.sockets().createSocket("127.0.0.1", peers.port());
      assertThat(await("opened").values()).startsWith(0);
      clean.close();
      assertThat(await("closed").values()).containsExactly(0, "nothing");

      Socket lost = module.sockets().createSocket("127.0.0.1", peers.port());
      await("opened");
      simulated.inject(Fault.RESTART_WHILE_IDLE);
      assertThatThrownBy(() -> lost.getInputStream().read())
          .isInstanceOf(ModuleLostException.class);
      Event closed = await("closed");
      assertThat(closed.values().get(0)).isEqualTo(1);
      Event loss = await("lost");
      assertThat(closed.values().get(1)).as("the first cause").isSameAs(loss.values().get(0));
      lost.close();
      await("line");
      assertThat(await("recovered").values()).containsExactly(1);
      module.command(AtCommand.of("AT"));
      assertThat(await("exchanged").values()).containsExactly("AT", "OK");
    }
    assertThat(names()).as("closing tells no link twice").containsOnlyOnce("lost");
    assertThat(names()).doesNotContain("closed");
  }

  @Test
  void theNetworkAndTheWayOfReceivingAreTold() throws Exception {
    byte[] much = new byte[200_000];
    try (Peers peers = new Peers(socket -> socket.getOutputStream().write(much));
        SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, listener(event -> {}), ReceiveMode.ACTIVE)) {
      Socket slow = module.sockets().createSocket("127.0.0.1", peers.port());
      assertThat(await("receiving").values()).containsExactly(0, false);
      InputStream in = slow.getInputStream();
      assertThat(in.readNBytes(much.length)).hasSize(much.length);
      slow.close();
      module.leaveWifi();
      assertThat(await("wifi").values()).containsExactly(false);
    }
  }

  @Test
  void nothingIsHeldWhileAListenerRuns() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, listener(event -> {}))) {
      module.addListener(
          listener(
              event -> {
                inside.countDown();
                assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
              }));
      module.command(AtCommand.of("AT"));
      assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
      // it is in its callback now, and everybody goes on
      try (Socket socket = module.sockets().createSocket("127.0.0.1", peers.port())) {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
      }
      assertThat(module.resolve("localhost").getHostAddress()).isEqualTo("127.0.0.1");
      go.countDown();
    }
  }

  @Test
  void aListenerHoldsNoLockInAnyEvent() throws Exception {
    BlockingQueue<String> held = new LinkedBlockingQueue<>();
    EspAtModule[] opened = new EspAtModule[1];
    Look look =
        event -> {
          EspAtModule module = opened[0];
          if (module != null && module.links().lock.isHeldByCurrentThread()) {
            held.add(event.name());
          }
          if (!Thread.currentThread().getName().startsWith("espat listeners")) {
            held.add(event.name() + " on " + Thread.currentThread().getName());
          }
        };
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, listener(look))) {
      opened[0] = module;
      module.sockets().createSocket("127.0.0.1", peers.port());
      simulated.inject(Fault.BROWN_OUT);
      await("lost");
      await("recovered");
    }
    assertThat(held).isEmpty();
  }

  @Test
  void aFloodOfCommandsDoesNotDropTheLoss() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Look look =
        event -> {
          if (event.name().equals("exchanged") && event.values().get(0).equals("AT+GMR")) {
            assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
          }
        };
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, listener(event -> {}))) {
      module.addListener(listener(look));
      module.command(AtCommand.of("AT+GMR"));
      for (int i = 0; i < 1100; i++) {
        module.command(AtCommand.of("AT"));
      }
      simulated.inject(Fault.RESTART_WHILE_IDLE);
      while (module.channel().loss() == null) {
        Thread.onSpinWait();
      }
      go.countDown();
      await("lost");
    }
  }
}
