package io.espat.bench;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Prints how much of a serial line espat uses, beside the way of working of the best known hosts,
 * measured in the same run.
 *
 * <p>Line share = payload bytes per second / (baud / 10), on an open link, timed by the caller.
 */
public final class LineBench {
  private static final int MIB = 1 << 20;
  private static final int QUICK = 1 << 18;
  private static final int FLEET = 64;
  private static final int FLEET_BAUD = 921_600;

  private final PrintStream out;
  private final List<Integer> bauds = new ArrayList<>(List.of(115_200, 921_600, 3_000_000));
  private final List<Work> works = new ArrayList<>(List.of(Work.values()));
  private int size = MIB;
  private boolean extras = true;

  private LineBench(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the bench: {@code [--quick] [--baud N,N] [--work UP,DOWN,BOTH,ASK,MAIL | --extras]}.
   *
   * <p>Takes some 15 minutes, nearly all of them at 115200 baud; {@code --quick} moves a quarter.
   */
  public static void main(String[] args) throws IOException {
    LineBench bench = new LineBench(System.out);
    if (bench.understands(args)) {
      bench.run();
    } else {
      System.err.println(
          "LineBench [--quick] [--baud N,N] [--work UP,DOWN,BOTH,ASK,MAIL | --extras]");
      System.exit(64);
    }
  }

  private boolean understands(String[] args) {
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--quick" -> size = QUICK;
          case "--baud" -> replace(bauds, args[++i], Integer::valueOf);
          case "--work" -> {
            replace(works, args[++i], Work::valueOf);
            extras = false;
          }
          case "--extras" -> {
            works.clear();
            extras = true;
          }
          default -> {
            return false;
          }
        }
      }
      return true;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  private static <T> void replace(
      List<T> list, String given, java.util.function.Function<String, T> parse) {
    List<T> chosen = Arrays.stream(given.split(",")).map(parse).toList();
    list.clear();
    list.addAll(chosen);
  }

  private void run() throws IOException {
    out.println("| work (" + size / 1024 + " KiB) | " + heads() + " |");
    out.println("|---|" + "---|".repeat(bauds.size()));
    try (MailMeasurement mail = new MailMeasurement()) {
      for (Work work : works) {
        List<String> cells = new ArrayList<>();
        for (int baud : bauds) {
          cells.add(cell(work, baud, mail));
        }
        out.println("| " + work.title() + " | " + String.join(" | ", cells) + " |");
      }
    }
    out.println();
    out.println("Each cell: espat (goal, limit of the model) / 2048-byte sends and reads;");
    out.println("for questions also what one thread reaches here that looks at no answer.");
    if (extras) {
      extras();
    }
  }

  private void extras() throws IOException {
    Costs costs = new Costs(size);
    costs.transfer(true); // for the compiler
    out.println();
    out.println("* up: " + costs.transfer(true));
    out.println("* down: " + costs.transfer(false));
    out.println(
        "* five links with full queues: " + costs.heapOfBusyLinks() / 1024 + " KiB of heap");
    List<Double> shares = new Fleet(FLEET, FLEET_BAUD, size).shares();
    double least = shares.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double mean = shares.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    out.println(
        "* "
            + FLEET
            + " modules at "
            + FLEET_BAUD
            + " baud in this JVM: each at least "
            + number(least)
            + " % of its line (goal 90), "
            + number(mean)
            + " % on average");
  }

  private String heads() {
    return bauds.stream().map(Object::toString).collect(Collectors.joining(" | "));
  }

  private String cell(Work work, int baud, MailMeasurement mail) throws IOException {
    double ours = ours(work, baud, mail);
    String met = ours >= work.goal(baud) ? "" : " *short*";
    String text =
        number(ours) + met + " (" + number(work.goal(baud)) + ", " + number(work.limit(baud)) + ")";
    return switch (work) {
      case MAIL -> text;
      case ASK -> text + " / " + number(theirs(work, baud)) + " / " + number(bare(baud));
      default -> text + " / " + number(theirs(work, baud));
    };
  }

  private static double bare(int baud) throws IOException {
    try (Peer echo = Peer.echo();
        SimulatedModule module = Rig.module(baud)) {
      return new BareHost(module.input(), module.output())
          .asksPerSecond(echo.port(), Measurement.QUESTIONS);
    }
  }

  private double ours(Work work, int baud, MailMeasurement mail) throws IOException {
    Measurement measurement = new Measurement(baud, size);
    try (Rig<EngineHost> rig = Rig.engine(baud)) {
      EngineHost host = rig.host();
      return switch (work) {
        case UP -> measurement.up(host);
        case DOWN -> measurement.down(host);
        case BOTH -> measurement.both(host);
        case ASK -> measurement.ask(host);
        case MAIL -> mail.share(host.module(), baud, size);
      };
    }
  }

  private double theirs(Work work, int baud) throws IOException {
    Measurement measurement = new Measurement(baud, size);
    try (Rig<KnownHost> rig = Rig.known(baud)) {
      KnownHost host = rig.host();
      return switch (work) {
        case UP -> measurement.up(host);
        case DOWN -> measurement.down(host);
        case BOTH -> measurement.both(host);
        case ASK -> measurement.ask(host);
        case MAIL -> throw new IllegalArgumentException("they have no mail");
      };
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.1f", value);
  }
}
