package io.espat.at;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The inputs that fuzzing has kept, each a file. */
final class CorpusTest {
  private static final Path INPUTS =
      Path.of("src/test/resources/io/espat/at/AtReaderFuzzTestInputs");

  @TestFactory
  Stream<DynamicTest> wires() throws IOException {
    AtReaderFuzzTest target = new AtReaderFuzzTest();
    return Files.walk(INPUTS)
        .filter(Files::isRegularFile)
        .sorted()
        .map(
            input ->
                dynamicTest(
                    input.getFileName().toString(),
                    () -> target.everyByteBelongsToAMessage(Files.readAllBytes(input))));
  }
}
