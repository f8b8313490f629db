package io.espat.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with the arguments, without repeating what may be a secret: of an argument
 * that nobody knows only the option's name is shown, never its value.
 */
final class UsageFailure {
  private static final Pattern CHOICE =
      Pattern.compile(
          "Invalid value for option '([^']+)'.*: expected one of \\[(.+)] .*but was '(.*)'");
  private static final Pattern NUMBER =
      Pattern.compile("Invalid value for option '([^']+)'.*: '(.*)' is not an? (?:int|long)");

  private UsageFailure() {}

  static Failure of(ParameterException e, CommandLine root) {
    String help = "see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched) return unmatched(unmatched, root, help);
    if (e instanceof MissingParameterException missing) return failure(first(missing), help);
    return failure(first(e), help);
  }

  private static Failure unmatched(UnmatchedArgumentException e, CommandLine root, String help) {
    String argument = e.getUnmatched().get(0);
    if (!argument.startsWith("-")) {
      boolean atRoot = e.getCommandLine() == root;
      String known = String.join(", ", root.getSubcommands().keySet());
      return atRoot
          ? failure("there is no such command", "the commands are " + known)
          : failure("an argument too many", help);
    }
    String name = optionName(argument);
    if (e.getCommandLine() == root && isKnownBelow(root, name)) {
      return failure(
          "option " + name + " stands before the command",
          "write it behind: espat COMMAND " + name);
    }
    List<String> suggestions = e.getSuggestions().stream().filter(s -> s.startsWith("-")).toList();
    String meant = suggestions.isEmpty() ? "" : "did you mean " + suggestions.get(0) + "?\n";
    return failure("there is no option " + name, meant + help);
  }

  private static boolean isKnownBelow(CommandLine root, String name) {
    return root.getSubcommands().values().stream()
        .anyMatch(each -> each.getCommandSpec().findOption(name) != null);
  }

  /** {@code --name} of {@code --name=value}, {@code -n} of {@code -nvalue}. */
  private static String optionName(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    boolean isLong = name.startsWith("--");
    return Escape.line(isLong || name.length() <= 2 ? name : name.substring(0, 2));
  }

  /** Parser messages are one sentence, but for lists of what is possible. */
  private static String first(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    Matcher choice = CHOICE.matcher(message);
    if (choice.matches()) return choice.group(1) + " takes " + choices(choice) + choice.group(3);
    Matcher number = NUMBER.matcher(message);
    if (number.matches()) return number.group(1) + " takes a whole number, not " + number.group(2);
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  /** The parser knows constants and what the user types: {@code RTS_CTS, rts-cts}. */
  private static String choices(Matcher choice) {
    List<String> names =
        Stream.of(choice.group(2).split(", "))
            .map(each -> each.toLowerCase(Locale.ROOT).replace('_', '-'))
            .distinct()
            .toList();
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last) + ", not ";
  }

  private static Failure failure(String what, String remedy) {
    return new Failure(ErrorId.USAGE_, what, null, null, null, remedy);
  }
}
