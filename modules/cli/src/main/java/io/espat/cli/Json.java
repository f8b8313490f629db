package io.espat.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object under construction: members keep their order; null, text, numbers, lists nest. */
final class Json {
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  /** Begins the document with which a command reports; {@code schema} is the form's version. */
  static Json report(String command, String status) {
    return new Json().put("schema", 1).put("command", command).put("status", status);
  }

  Json put(String name, @Nullable Object value) {
    members.put(name, value);
    return this;
  }

  /** Without a line end. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text, this);
    return text.toString();
  }

  private static void write(StringBuilder text, @Nullable Object value) {
    if (value instanceof Json object) {
      writeObject(text, object);
    } else if (value instanceof List<?> list) {
      writeList(text, list);
    } else if (value == null || value instanceof Boolean || isWritable(value)) {
      text.append(value);
    } else {
      writeText(text, value.toString());
    }
  }

  private static boolean isWritable(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private static void writeObject(StringBuilder text, Json object) {
    String separator = "";
    text.append('{');
    for (Map.Entry<String, @Nullable Object> each : object.members.entrySet()) {
      text.append(separator);
      writeText(text, each.getKey());
      text.append(':');
      write(text, each.getValue());
      separator = ",";
    }
    text.append('}');
  }

  private static void writeList(StringBuilder text, List<?> list) {
    String separator = "";
    text.append('[');
    for (Object each : list) {
      text.append(separator);
      write(text, each);
      separator = ",";
    }
    text.append(']');
  }

  /** Beyond what JSON asks, escapes everything that is not printable ASCII: safe in every sink. */
  private static void writeText(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
