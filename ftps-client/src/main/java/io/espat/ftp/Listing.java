package io.espat.ftp;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.parser.NTFTPEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.jspecify.annotations.Nullable;

/** One listing: MLSD (RFC 3659 section 7) where FEAT shows it, LIST otherwise. */
final class Listing {
  static final int LIMIT = 8 * 1024 * 1024;

  /** Bytes alone do not bound the memory: the shortest entry has three. */
  static final int MOST = 100_000;

  /** The patterns for LIST recurse and backtrack, and overflow the stack on some 8,000 letters. */
  private static final int LINE = 1024;

  private static final DateTimeFormatter MODIFY =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

  private final EspAtFtpsClient client;
  private final String path;

  Listing(EspAtFtpsClient client, String path) {
    this.client = client;
    this.path = path;
  }

  List<RemoteFile> run() throws IOException {
    client.journal().begin(FtpsStage.COMMAND);
    boolean machine = client.hasFeature("MLST");
    String text = fetch(machine ? "MLSD" : "LIST", machine ? path : harmless(path));
    try {
      return entries(text, machine);
    } catch (ProtocolException e) {
      throw FtpsException.told(FtpsStage.LIST, attempted(), e); // the dialogue is in order
    }
  }

  private String attempted() {
    return "listing \"" + path + "\"";
  }

  static List<RemoteFile> entries(String text, boolean machine) throws ProtocolException {
    List<RemoteFile> files = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      if (end < 0) end = text.length();
      int length = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
      String line = text.substring(from, length);
      RemoteFile file = machine ? ofFacts(line) : ofList(line);
      if (file != null) files.add(file);
      if (files.size() > MOST) throw new ProtocolException("a listing of over " + MOST + " files");
      from = end + 1;
    }
    return List.copyOf(files);
  }

  /** Servers hand the argument of LIST to their ls: a leading dash would be options. */
  private static String harmless(String path) {
    return path.stripLeading().startsWith("-") ? "./" + path : path;
  }

  private String fetch(String command, String argument) throws IOException {
    DataChannel data = client.links().open(command, argument.isEmpty() ? null : argument);
    if (data == null) {
      boolean missing = client.lastReply().code() == 550;
      throw client.refused(
          missing ? "E-FTP-MISSING" : "E-FTP-REJECTED", "cannot list \"" + path + "\"");
    }
    long since = client.journal().begin(FtpsStage.LIST);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      receive(data, text);
    } catch (IOException e) {
      throw client.links().failure(attempted(), e, "E-FTP-REJECTED");
    } finally {
      data.cut();
    }
    client.links().confirmed(attempted(), data, "E-FTP-REJECTED");
    client.journal().done(since, text.size() + " bytes");
    return text.toString(Charset.forName(client.getControlEncoding()));
  }

  private static void receive(DataChannel data, ByteArrayOutputStream text) throws IOException {
    byte[] buffer = new byte[8 * 1024];
    for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
      text.write(buffer, 0, n);
      if (text.size() > LIMIT) throw new ProtocolException("a listing of over " + LIMIT + " bytes");
    }
    data.leave();
  }

  /** Reads one line of MLSD; null for the directory itself, its parent, and empty lines. */
  static @Nullable RemoteFile ofFacts(String line) throws ProtocolException {
    if (line.isBlank()) return null;
    int space = line.indexOf(' ');
    if (space < 0 || space == line.length() - 1) throw unreadable(line);
    String type = "";
    long size = -1;
    Instant modified = null;
    for (String fact : line.substring(0, space).split(";")) {
      int equals = fact.indexOf('=');
      String value = fact.substring(equals + 1);
      switch (fact.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT)) {
        case "type" -> type = value.toLowerCase(Locale.ROOT);
        case "size" -> size = value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
        case "modify" -> modified = time(value);
        default -> {}
      }
    }
    if (type.equals("cdir") || type.equals("pdir")) return null;
    return file(line.substring(space + 1), size, type.equals("dir"), modified);
  }

  private static @Nullable Instant time(String value) {
    try {
      String seconds =
          value.length() > 14 && value.charAt(14) == '.' ? value.substring(0, 14) : value;
      return LocalDateTime.parse(seconds, MODIFY).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Reads one line of LIST in the form of Unix or of Windows; null for "total 12" and the like. */
  static @Nullable RemoteFile ofList(String line) throws ProtocolException {
    if (line.length() > LINE) throw unreadable(line);
    if (line.isBlank() || line.matches("(?i)total:? *\\d*.*")) return null;
    FTPFile found = parser(new UnixFTPEntryParser(), FTPClientConfig.SYST_UNIX).parseFTPEntry(line);
    if (found == null) {
      found = new NTFTPEntryParser().parseFTPEntry(line);
    }
    if (found == null || found.getName() == null) throw unreadable(line);
    Calendar when = found.getTimestamp();
    return file(
        found.getName(),
        found.getSize(),
        found.isDirectory(),
        when == null ? null : when.toInstant());
  }

  private static FTPFileEntryParser parser(UnixFTPEntryParser parser, String system) {
    FTPClientConfig config = new FTPClientConfig(system);
    config.setServerTimeZoneId("UTC");
    parser.configure(config);
    return parser;
  }

  /** A name is one name: a path from the server must not lead a caller elsewhere. */
  private static @Nullable RemoteFile file(
      String path, long size, boolean directory, @Nullable Instant modified) {
    int parted = Math.max(path.lastIndexOf('/'), path.lastIndexOf(File.separatorChar));
    String name = path.substring(parted + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) return null;
    return new RemoteFile(name, directory ? -1 : size, directory, modified);
  }

  private static ProtocolException unreadable(String line) {
    String shown = line.length() > 120 ? line.substring(0, 120) + "..." : line;
    return new ProtocolException(
        "a line of the listing is not understood: " + FtpReply.printable(shown));
  }
}
