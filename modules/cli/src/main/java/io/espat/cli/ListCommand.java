package io.espat.cli;

import io.espat.ftp.RemoteFile;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espat ls}: what a folder on a server holds. */
@Command(
    name = "ls",
    customSynopsis = "espat ls -S HOST [OPTIONS] [PATH]",
    description = "List a folder by FTPS.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat ls -d /dev/ttyUSB0 -S files.example.org -u pump7 --password-file ~/.pump7",
      "  espat ls -S ftps://files.example.org -u pump7 --long incoming/"
    })
final class ListCommand extends FilesCommand {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "",
      description = "The folder (default: where the login leads).")
  private String path = "";

  @Option(names = "--long", description = "Show size and time as well.")
  private boolean isLong;

  @Override
  void check() throws FailureException {
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw FailureException.usage("the path has control characters in it", "");
    }
  }

  @Override
  ExitCode work(FilesCommand.Session files) throws IOException {
    files.run().scene().doing("listing " + path + " on " + files.address());
    List<RemoteFile> found = files.client().list(path);
    Output out = files.run().output();
    if (out.json()) {
      out.result(
          files
              .json("ls", "ok")
              .put("path", path)
              .put("files", found.stream().map(ListCommand::json).toList())
              .put("error", null));
      return ExitCode.OK;
    }
    for (RemoteFile each : found) {
      String name = Escape.line(each.name()) + (each.directory() ? "/" : "");
      out.data(isLong ? details(each) + name : name);
    }
    return ExitCode.OK;
  }

  private static String details(RemoteFile file) {
    String size = file.size() < 0 || file.directory() ? "-" : Long.toString(file.size());
    String time = file.modified() == null ? "-" : TIME.format(file.modified());
    return String.format("%12s  %-20s  ", size, time);
  }

  private static Json json(RemoteFile file) {
    return new Json()
        .put("name", file.name())
        .put("size", file.size() < 0 ? null : file.size())
        .put("directory", file.directory())
        .put("modified", file.modified() == null ? null : file.modified().toString());
  }
}
