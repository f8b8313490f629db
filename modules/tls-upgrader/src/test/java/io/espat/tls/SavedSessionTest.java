package io.espat.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SavedSessionTest {
  private static final long HOUR = 3600;

  private final SavedSession saved = new SavedSession();
  private final ResumptionCrypto crypto = new ResumptionCrypto();

  private static Ticket ticket(int number, long lifetime) {
    return new Ticket(new byte[] {(byte) number}, new byte[] {1, 2, 3}, 4, 0xffff_ffffL, lifetime);
  }

  private int offered() throws IOException {
    SavedSession.Offer offer = saved.offer(crypto);
    return offer == null || offer.ticket13() == null ? -1 : offer.ticket13().identity()[0];
  }

  @Test
  void theNewestTicketIsOfferedAgainAndAgain() throws IOException {
    assertThat(saved.canResume()).isFalse();
    assertThat(offered()).isEqualTo(-1);
    saved.keep(ticket(1, HOUR));
    saved.keep(ticket(2, HOUR));
    assertThat(saved.canResume()).isTrue();
    assertThat(offered()).isEqualTo(2);
    assertThat(offered()).isEqualTo(2);
  }

  @Test
  void aDeclinedTicketMakesWayForTheOneBefore() throws IOException {
    saved.keep(ticket(1, HOUR));
    saved.keep(ticket(2, HOUR));
    saved.forget(saved.offer(crypto));
    assertThat(offered()).isEqualTo(1);
    saved.forget(saved.offer(crypto));
    assertThat(saved.canResume()).isFalse();
  }

  @Test
  void aTicketWithoutALifeIsNotKept() {
    saved.keep(ticket(1, 0));
    assertThat(saved.canResume()).isFalse();
  }

  @Test
  void aFloodOfTicketsDoesNotGrow() throws IOException {
    for (int i = 0; i < 100; i++) saved.keep(ticket(i, HOUR));
    int kept = 0;
    for (; saved.canResume(); kept++) saved.forget(saved.offer(crypto));
    assertThat(kept).isEqualTo(8);
  }

  @Test
  void anOfferOutlivesTheSessionAndIsWipedByItself() throws IOException {
    saved.keep(ticket(1, HOUR));
    SavedSession.Offer offer = saved.offer(crypto);
    saved.wipe();
    assertThat(saved.canResume()).isFalse();
    saved.keep(ticket(2, HOUR));
    assertThat(saved.canResume()).as("after the wipe").isFalse();
    assertThat(offer.ticket13().key()).containsExactly(1, 2, 3);
    offer.wipe();
    assertThat(offer.ticket13().key()).containsOnly(0);
  }

  @Test
  void theAgeOnTheWireIsHidden() {
    long hidden = ticket(1, HOUR).obfuscatedAge(); // the addend is 2^32 - 1, and it wraps round
    assertThat(hidden + 1 & 0xffff_ffffL).isBetween(0L, 60_000L);
  }

  @Test
  void aDeclinedTicketIsWiped() throws IOException {
    Ticket kept = ticket(1, HOUR);
    saved.keep(kept);
    saved.forget(saved.offer(crypto));
    assertThat(kept.key()).containsOnly(0);
  }
}
