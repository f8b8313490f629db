package io.espat.cli;

import io.espat.at.AtException;
import io.espat.at.AtReply;
import io.espat.at.EspAtModule;
import io.espat.at.ModuleLostException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Raw commands from standard input, one a line; what a line does wrong ends that line only. */
final class AtPrompt {
  private static final int LONGEST = 4096; // characters, far beyond what a module takes

  private final Run run;
  private final EspAtModule module;
  private final boolean lasting;
  private final Output out;
  private final Reader in;
  private final List<Json> answers = new ArrayList<>(); // with --json only

  AtPrompt(Run run, EspAtModule module, boolean lasting) {
    this.run = run;
    this.module = module;
    this.lasting = lasting;
    out = run.output();
    in = new BufferedReader(new InputStreamReader(run.surroundings().in(), StandardCharsets.UTF_8));
  }

  /** Answers until there are no more lines; a person's mistakes are not the command's. */
  ExitCode run() throws IOException {
    boolean person = run.surroundings().inputIsTerminal();
    ExitCode worst = ExitCode.OK;
    while (true) {
      if (person) out.prompt("at> ");
      String line = next();
      if (line == null) break;
      if (line.isBlank()) continue;
      ExitCode code = answer(line);
      worst = code == ExitCode.OK ? worst : code;
    }
    if (person) out.prompt("\n"); // behind the prompt that got no answer
    out.result(
        Json.report("at", worst == ExitCode.OK ? "ok" : "failed")
            .put("answers", answers)
            .put("error", null));
    return person ? ExitCode.OK : worst;
  }

  /** The next line, cut off where no command can be so long; null at the end. */
  private @Nullable String next() throws IOException {
    int octet = in.read();
    if (octet < 0) return null;
    StringBuilder line = new StringBuilder();
    for (; octet >= 0 && octet != '\n' && octet != '\r'; octet = in.read()) {
      if (line.length() < LONGEST) line.append((char) octet);
    }
    return line.toString();
  }

  private ExitCode answer(String line) throws IOException {
    try {
      AtCommandGuard.check(line, lasting);
      AtReply reply = AtConsoleCommand.ask(module, line);
      tell(reply.lines(), "OK");
      keep(line, reply.lines(), reply.took().toMillis(), null);
      return ExitCode.OK;
    } catch (FailureException e) {
      out.failure(e.failure(), e);
      keep(null, List.of(), null, e.failure());
      return e.failure().code();
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      tell(e.words(), "ERROR");
      return failed(line, e.words(), e);
    } catch (SocketTimeoutException e) {
      tell(List.of(), "no answer: " + Escape.line(Causes.words(e)));
      return failed(line, List.of(), e);
    }
  }

  private void tell(List<String> lines, String last) {
    lines.forEach(each -> out.answer(Escape.line(each)));
    out.answer(last);
  }

  private ExitCode failed(String line, List<String> words, IOException e) {
    keep(line, words, null, new Diagnosis(run.scene()).of(e));
    return ExitCode.MODULE;
  }

  /** A line that was refused may hold a secret: {@code sent} is null then. */
  private void keep(
      @Nullable String sent, List<String> lines, @Nullable Long millis, @Nullable Failure failure) {
    if (!out.json()) return;
    answers.add(
        new Json()
            .put("sent", sent == null ? null : sent.strip())
            .put("status", failure == null ? "ok" : "failed")
            .put("lines", lines)
            .put("millis", millis)
            .put("error", failure == null ? null : failure.json()));
  }
}
