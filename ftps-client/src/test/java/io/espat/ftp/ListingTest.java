package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
  @Test
  void factsGiveNameSizeKindAndTime() throws ProtocolException {
    assertThat(Listing.ofFacts("Type=file;Size=123;Modify=20261121033200.5;Perm=r; a b  c.txt"))
        .isEqualTo(new RemoteFile("a b  c.txt", 123, false, Instant.parse("2026-11-21T03:32:00Z")));
    assertThat(Listing.ofFacts("type=dir;modify=; sub"))
        .isEqualTo(new RemoteFile("sub", -1, true, null));
    assertThat(Listing.ofFacts("type=OS.unix=slink:/x; link"))
        .isEqualTo(new RemoteFile("link", -1, false, null));
    assertThat(Listing.ofFacts(" bare")).isEqualTo(new RemoteFile("bare", -1, false, null));
  }

  @Test
  void theDirectoryItselfAndItsParentAreLeftOut() throws ProtocolException {
    assertThat(Listing.ofFacts("type=cdir; .")).isNull();
    assertThat(Listing.ofFacts("type=pdir; ..")).isNull();
    assertThat(Listing.ofFacts("type=dir; ..")).isNull();
    assertThat(Listing.ofList("drwxr-xr-x 2 u g 4096 Jan 01 2024 ..")).isNull();
  }

  @Test
  void aPathInPlaceOfANameDoesNotLeadElsewhere() throws ProtocolException {
    RemoteFile file = Listing.ofFacts("type=file;size=1; ../../etc/passwd");

    assertThat(file).isNotNull();
    assertThat(file.name()).isEqualTo("passwd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"type=file;size=1;", "type=file;size=1; ", "nonsense"})
  void unreadableFactsAreRefused(String line) {
    assertThatThrownBy(() -> Listing.ofFacts(line)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type=file;size=99999999999999999999999; a",
        "type=file;size=-5; a",
        "size=x;modify=20269999999999;unix.mode=1; a",
        "=;;=; a"
      })
  void oddFactsAreLeftOut(String line) throws ProtocolException {
    assertThat(Listing.ofFacts(line)).isEqualTo(new RemoteFile("a", -1, false, null));
  }

  @Test
  void unixListingsAreRead() throws ProtocolException {
    assertThat(
            Listing.ofList("-rw-r--r--    1 1000     1000      5242880 Nov 21  2024 big file.bin"))
        .isEqualTo(
            new RemoteFile("big file.bin", 5242880, false, Instant.parse("2024-11-21T00:00:00Z")));
    RemoteFile directory = Listing.ofList("drwxr-xr-x 2 u g 4096 Jan 01 2024 sub");
    assertThat(directory).isNotNull();
    assertThat(directory.directory()).isTrue();
    RemoteFile link = Listing.ofList("lrwxrwxrwx 1 u g 3 Jan 01 2024 here -> there");
    assertThat(link).isNotNull();
    assertThat(link.name()).isEqualTo("here");
    assertThat(Listing.ofList("total 12")).isNull();
    assertThat(Listing.ofList("")).isNull();
  }

  @Test
  void aLineThatWouldOverflowTheStackIsRefused() {
    assertThatThrownBy(() -> Listing.ofList("-rwxrwxrwx 1 " + "a ".repeat(50_000)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("not understood");
  }

  @Test
  void entriesAreCountedSoThatShortOnesDoNotFillTheMemory() throws ProtocolException {
    String few = " a\r\n".repeat(Listing.MOST);
    assertThat(Listing.entries(few, true)).hasSize(Listing.MOST);
    assertThatThrownBy(() -> Listing.entries(few + " b", true))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("100000");
  }

  @Test
  void linesEndInLfOrCrLfAndTheLastMayHaveNoEnd() throws ProtocolException {
    assertThat(Listing.entries(" a\r\n\n b\n\r\n c\r d", true))
        .extracting(RemoteFile::name)
        .containsExactly("a", "b", "c\r d");
  }

  @Test
  void windowsListingsAreRead() throws ProtocolException {
    RemoteFile file = Listing.ofList("05-22-24  08:08AM                 5000 report.csv");
    RemoteFile directory = Listing.ofList("05-22-24  08:08AM       <DIR>          logs");

    assertThat(file).isNotNull();
    assertThat(file.name()).isEqualTo("report.csv");
    assertThat(file.size()).isEqualTo(5000);
    assertThat(directory).isNotNull();
    assertThat(directory.directory()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"what is this", "-rw-r--r-- 1", "\u001b[2J"})
  void aLineThatIsNotUnderstoodIsNotDropped(String line) {
    assertThatThrownBy(() -> Listing.ofList(line))
        .isInstanceOf(ProtocolException.class)
        .hasMessageNotContaining("\u001b");
  }
}
