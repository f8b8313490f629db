package io.espat.cli;

import io.espat.ftp.Transferred;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espat download}: a file from a server, whole or not at all. */
@Command(
    name = "download",
    customSynopsis = "espat download -S HOST [OPTIONS] REMOTE [LOCAL]",
    description = {
      "Download a file by FTPS.",
      "It appears under its name once it is whole; a local file of that name is then replaced."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat download -d /dev/ttyUSB0 -S files.example.org -u pump7 \\",
      "      --password-file ~/.pump7 config/pump7.toml",
      "  espat download -S ftps://files.example.org -u pump7 list.txt - | sort"
    })
final class DownloadCommand extends FilesCommand {
  @Parameters(index = "0", paramLabel = "REMOTE", description = "The file on the server.")
  private String remote = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "LOCAL",
      defaultValue = ".",
      description = "Where to put it: a name, a folder, or - for standard output (default: here).")
  private String local = ".";

  @ArgGroup(validate = false, order = 90)
  private ProgressOptions progress = new ProgressOptions();

  @Override
  void check() throws FailureException {
    if (local.equals("-") && json()) {
      throw FailureException.usage(
          "the file and the document cannot both go to standard output", "leave --json out");
    }
    if (!local.equals("-")) target();
    if (remote.isEmpty() || remote.chars().anyMatch(Character::isISOControl)) {
      throw FailureException.usage("the remote name is empty or has control characters in it", "");
    }
  }

  private Path target() throws FailureException {
    Path path = Path.of(local);
    if (!Files.isDirectory(path)) return path;
    String name = remote.substring(remote.lastIndexOf('/') + 1);
    // The server's path must not choose a place outside the folder.
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\\') >= 0) {
      throw FailureException.usage("the remote name cannot be a local one", "name LOCAL");
    }
    return path.resolve(name);
  }

  @Override
  ExitCode work(FilesCommand.Session files) throws IOException, FailureException {
    files.run().scene().doing("downloading " + remote + " from " + files.address());
    files.transfers().begin(remote, -1, progress.form());
    if (local.equals("-")) {
      toOutput(files);
      return ExitCode.OK;
    }
    Path target = target();
    try {
      tell(files, files.client().download(remote, target), target);
      return ExitCode.OK;
    } catch (FileSystemException e) {
      throw new FailureException(Failure.of(ErrorId.FILE_WRITE, Causes.words(e)), e);
    }
  }

  /** A PrintStream only notes that it cannot be written, so it is asked after each piece. */
  private void toOutput(FilesCommand.Session files) throws IOException, FailureException {
    PrintStream standard = files.run().surroundings().out();
    OutputStream asked =
        new FilterOutputStream(standard) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            standard.write(bytes, offset, length);
            if (standard.checkError()) throw new IOException("standard output cannot be written");
          }
        };
    try {
      files.client().download(remote, asked);
    } catch (IOException e) {
      if (standard.checkError()) throw unwritten(e);
      throw e;
    }
    if (standard.checkError()) throw unwritten(null);
  }

  private static FailureException unwritten(@Nullable IOException cause) {
    Failure failure =
        Failure.of(ErrorId.FILE_WRITE, "standard output: what reads it has ended, or it is full")
            .what("the file did not get through standard output")
            .remedy("what came out so far is not the whole file");
    return cause == null ? new FailureException(failure) : new FailureException(failure, cause);
  }

  private static void tell(FilesCommand.Session files, Transferred transferred, Path target) {
    double seconds = Math.max(1, transferred.took().toMillis()) / 1000.0;
    Output out = files.run().output();
    out.result(
        Escape.line(transferred.remote())
            + " -> "
            + Escape.line(target.toString())
            + "   "
            + Amount.bytes(transferred.bytes())
            + "  "
            + Amount.time(transferred.took())
            + "  "
            + Amount.rate(transferred.bytes() / seconds)
            + (transferred.sizeConfirmed() ? "  size verified" : "  size not told"));
    out.result(
        files
            .json("download", "downloaded")
            .put("file", UploadCommand.json(transferred).put("local", target.toString()))
            .put("error", null));
  }
}
