package io.espat.cli;

import io.espat.ftp.FtpsException;
import io.espat.ftp.Transferred;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espat upload}: files to a server, each whole or not at all. */
@Command(
    name = "upload",
    customSynopsis = "espat upload -S HOST [OPTIONS] FILE... [REMOTE/]",
    description = {
      "Upload files by FTPS.",
      "A file goes to NAME.part and gets its name once its size was checked: what is under the"
          + " name is the old file or the whole new one."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat upload -d /dev/ttyUSB0 -S files.example.org -u pump7 \\",
      "      --password-file ~/.pump7 log-0412.bin incoming/",
      "  espat upload -S ftps://files.example.org -u pump7 -T log.bin today.bin"
    })
final class UploadCommand extends FilesCommand {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files, and at the end REMOTE/ for the folder to put them in.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = {"-T", "--upload-file"},
      paramLabel = "FILE",
      description = "A file (repeatable); the argument is then its remote name or folder/.")
  private List<String> named = new ArrayList<>();

  @ArgGroup(validate = false, order = 90)
  private ProgressOptions progress = new ProgressOptions();

  private final List<Job> jobs = new ArrayList<>();

  /** One file and its place. */
  private record Job(Path file, String remote, long size) {}

  @Override
  void check() throws IOException, FailureException {
    List<String> files = new ArrayList<>(named);
    String remote = "";
    List<String> rest = new ArrayList<>(arguments);
    boolean target = !rest.isEmpty() && (!named.isEmpty() || last(rest).endsWith("/"));
    if (target) remote = rest.remove(rest.size() - 1);
    files.addAll(rest);
    if (files.isEmpty()) {
      throw FailureException.usage("no file to upload", "see espat upload --help");
    }
    boolean folder = remote.isEmpty() || remote.endsWith("/");
    if (!folder && files.size() > 1) {
      throw FailureException.usage(
          "several files cannot have one name",
          "end the remote folder with a slash: " + remote + "/");
    }
    for (String each : files) jobs.add(job(each, remote, folder));
    Set<String> remotes = new HashSet<>();
    for (Job each : jobs) {
      if (!remotes.add(each.remote())) {
        throw FailureException.usage("two files would become " + Escape.line(each.remote()), "");
      }
    }
  }

  private static String last(List<String> list) {
    return list.get(list.size() - 1);
  }

  private static Job job(String name, String remote, boolean folder)
      throws IOException, FailureException {
    Path file = Path.of(name);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      String why = Files.exists(file) ? "it is no file that can be read" : "no such file";
      throw new FailureException(
          Failure.of(ErrorId.FILE_READ, file + ": " + why)
              .what("a file to upload cannot be read")
              .remedy(
                  "check the path and its permissions; a folder on the server ends in /, and"
                      + " -T FILE NAME gives a file another name there"));
    }
    String target = folder ? remote + file.getFileName() : remote;
    if (target.chars().anyMatch(Character::isISOControl)) {
      throw FailureException.usage("the remote name has control characters in it", "");
    }
    return new Job(file, target, Files.size(file));
  }

  @Override
  ExitCode work(FilesCommand.Session files) throws IOException {
    List<Json> documents = new ArrayList<>();
    ExitCode worst = ExitCode.OK;
    int uploaded = 0;
    for (Job each : jobs) {
      try {
        documents.add(done(files, each, upload(files, each)));
        uploaded++;
      } catch (IOException e) {
        // A refusal concerns one file; without a session the others cannot be tried.
        if (jobs.size() == 1 || !(e instanceof FtpsException) || !files.client().isOpen()) {
          stopped(files, each, uploaded);
          throw e;
        }
        Failure failure = new Diagnosis(files.run().scene()).of(e);
        files.run().output().failure(failure, e);
        documents.add(failed(each, failure));
        worst = worse(worst, failure.code());
      }
    }
    String status = worst == ExitCode.OK ? "uploaded" : "partial";
    files
        .run()
        .output()
        .result(files.json("upload", status).put("files", documents).put("error", null));
    return worst;
  }

  private Transferred upload(FilesCommand.Session files, Job job) throws IOException {
    files.run().scene().doing("uploading " + job.file() + " to " + files.address());
    files.transfers().begin(job.file().toString(), job.size(), progress.form());
    return files.client().upload(job.file(), job.remote());
  }

  private void stopped(FilesCommand.Session files, Job failed, int done) {
    if (jobs.size() == 1) return;
    files
        .run()
        .output()
        .note(
            "espat: "
                + done
                + " of "
                + jobs.size()
                + " files uploaded; stopped at "
                + failed.file());
  }

  /** A permanent failure is worse than one that may pass. */
  private static ExitCode worse(ExitCode first, ExitCode second) {
    if (first == ExitCode.OK || first == ExitCode.TEMPORARY) return second;
    return first;
  }

  private static Json done(FilesCommand.Session files, Job job, Transferred transferred) {
    double seconds = Math.max(1, transferred.took().toMillis()) / 1000.0;
    files
        .run()
        .output()
        .result(
            Escape.line(job.file().toString())
                + " -> "
                + Escape.line(transferred.remote())
                + "   "
                + Amount.bytes(transferred.bytes())
                + "  "
                + Amount.time(transferred.took())
                + "  "
                + Amount.rate(transferred.bytes() / seconds)
                + (transferred.sizeConfirmed() ? "  size verified" : "  size not told"));
    return json(transferred).put("local", job.file().toString()).put("error", null);
  }

  static Json json(Transferred transferred) {
    return new Json()
        .put("remote", transferred.remote())
        .put("bytes", transferred.bytes())
        .put("ms", transferred.took().toMillis())
        .put("sizeVerified", transferred.sizeConfirmed())
        .put("reply", transferred.reply())
        .put("resumed", transferred.resumed());
  }

  private static Json failed(Job job, Failure failure) {
    return new Json()
        .put("remote", job.remote())
        .put("local", job.file().toString())
        .put("error", new Json().put("id", failure.id().text()).put("server", failure.server()));
  }
}
