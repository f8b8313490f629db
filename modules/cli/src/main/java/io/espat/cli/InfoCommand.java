package io.espat.cli;

import io.espat.at.AtCommand;
import io.espat.at.AtException;
import io.espat.at.DialectInfo;
import io.espat.at.EspAtModule;
import io.espat.at.LineInfo;
import io.espat.at.ModuleInfo;
import io.espat.at.ModuleLostException;
import io.espat.at.WifiState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code espat info}: what the module is and where it stands. */
@Command(
    name = "info",
    customSynopsis = "espat info [OPTIONS]",
    description = "Show the module's firmware, addresses, network and line settings.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat info -d /dev/ttyUSB0 -b auto",
      "  espat info -d tcp://127.0.0.1:3333 --json"
    })
final class InfoCommand extends ModuleCommand {
  private static final String LABEL = "%-10s";

  /** What the module was asked; null for what this firmware does not tell. */
  private record Facts(
      ModuleInfo info,
      WifiState wifi,
      @Nullable String mac,
      @Nullable String uart,
      LineInfo line,
      DialectInfo dialect,
      int commands) {}

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("asking the module what it is");
      EspAtModule module = session.module();
      Facts facts =
          new Facts(
              module.info(),
              module.wifi(),
              value(module, "AT+CIPSTAMAC?", "+CIPSTAMAC:"),
              value(module, "AT+UART_CUR?", "+UART_CUR:"),
              module.line(),
              module.dialect(),
              commands(module));
      tell(run.output(), facts);
      run.output().result(json(facts, run).put("uart", session.uart()).put("error", null));
      return ExitCode.OK;
    }
  }

  /** What the module answers to a query; a firmware without the command is no failure. */
  private static @Nullable String value(EspAtModule module, String query, String prefix)
      throws IOException {
    try {
      Optional<String> value = module.command(AtCommand.of(query)).value(prefix);
      return value.map(text -> text.replace("\"", "")).orElse(null);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return null;
    }
  }

  private static int commands(EspAtModule module) throws IOException {
    try {
      return (int)
          module.command(AtCommand.of("AT+CMD?")).lines().stream()
              .filter(line -> line.startsWith("+CMD:"))
              .count();
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return 0;
    }
  }

  private static void tell(Output out, Facts facts) {
    ModuleInfo info = facts.info();
    row(out, "chip", info.chip());
    row(out, "firmware", "AT " + info.atVersion());
    row(out, "image", info.binVersion());
    row(out, "built", info.compileTime());
    row(out, "MAC", facts.mac());
    row(out, "UART", uart(facts.uart()));
    if (facts.line().baud() > 0) row(out, "speed", speed(facts.line()));
    row(out, "RTS/CTS", flow(facts.line()));
    row(out, "sends", sends(facts.dialect()));
    row(out, "receives", receives(facts.dialect()));
    if (facts.commands() > 0) row(out, "commands", facts.commands() + " in this firmware");
    WifiState wifi = facts.wifi();
    out.result(LABEL.formatted("Wi-Fi") + WifiReport.line(wifi, out.style()));
    if (!wifi.joined()) row(out, "do", ErrorId.WIFI_ABSENT.remedy());
  }

  /** {@code 115200,8,1,0,0}: rate, data bits, stop bits, parity, flow control. */
  private static @Nullable String uart(@Nullable String settings) {
    if (settings == null) return null;
    String[] parts = settings.split(",", -1);
    String flow =
        switch (parts[parts.length - 1]) {
          case "0" -> "no flow control";
          case "1" -> "RTS only";
          case "2" -> "CTS only";
          case "3" -> "RTS/CTS";
          default -> "";
        };
    return parts.length < 5 ? settings : parts[0] + " Bd, " + flow;
  }

  private static String speed(LineInfo line) {
    return line.baud() + " Bd, " + line.speed();
  }

  private static String flow(LineInfo line) {
    return (line.rtsCts() ? "in use: " : "not in use: ") + line.flow();
  }

  private static String sends(DialectInfo dialect) {
    String single = "by AT+CIPSEND, up to " + dialect.sendLimit() + " bytes at a time";
    if (dialect.bulk()) return "in bulk by AT+CIPSENDL; little " + single;
    return single + (dialect.bulkKnown() ? " (in bulk with RTS/CTS)" : "");
  }

  private static String receives(DialectInfo dialect) {
    String way =
        dialect.pushed()
            ? "pushed as it comes"
            : "fetched, up to " + dialect.fetchLimit() + " bytes at a time";
    return switch (dialect.receiveControl()) {
      case EACH_LINK -> way + ", can be changed for each link";
      case ALL_LINKS -> way + ", can be changed for all links together";
      case NONE -> way + ", cannot be changed";
    };
  }

  private static void row(Output out, String label, @Nullable String value) {
    if (value == null || value.isBlank()) return;
    out.result(LABEL.formatted(label) + Escape.line(value));
  }

  private static Json json(Facts facts, Run run) {
    ModuleInfo info = facts.info();
    WifiState wifi = facts.wifi();
    return Json.report("info", "ok")
        .put("chip", info.chip())
        .put("atVersion", info.atVersion())
        .put("binVersion", info.binVersion())
        .put("compileTime", info.compileTime())
        .put("mac", facts.mac())
        .put("uartSettings", facts.uart())
        .put("line", line(facts.line()))
        .put("dialect", dialect(facts.dialect()))
        .put("commands", facts.commands())
        .put("wifi", WifiReport.json(wifi))
        .put("timing", run.timing().json());
  }

  private static Json line(LineInfo line) {
    return new Json()
        .put("baud", line.baud() > 0 ? line.baud() : null)
        .put("openedAt", line.openedAt() > 0 ? line.openedAt() : null)
        .put("speed", line.speed())
        .put("rtsCts", line.rtsCts())
        .put("flow", line.flow());
  }

  private static Json dialect(DialectInfo dialect) {
    return new Json()
        .put("bulk", dialect.bulk())
        .put("bulkKnown", dialect.bulkKnown())
        .put("sendLimit", dialect.sendLimit())
        .put("fetchLimit", dialect.fetchLimit())
        .put("receive", dialect.pushed() ? "pushed" : "fetched")
        .put("receiveControl", dialect.receiveControl().name())
        .put("sendTimeout", dialect.sendTimeout());
  }
}
