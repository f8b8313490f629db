package io.espat.bench;

import java.util.Map;

/** The rows of the table: what is moved, what the model allows, and what is aimed for. */
enum Work {
  UP("up, one link, plain", Map.of(115_200, 99.8, 921_600, 99.7, 3_000_000, 99.2)) {
    @Override
    double goal(int baud) {
      return by(baud, 99, 98.5, 97);
    }
  },
  DOWN("down, one link, plain", Map.of(115_200, 99.4, 921_600, 99.4, 3_000_000, 99.2)) {
    @Override
    double goal(int baud) {
      return by(baud, 99.2, 98.8, 97.5);
    }
  },
  BOTH("up and down, two links, sum", Map.of(115_200, 184., 921_600, 193., 3_000_000, 193.)) {
    @Override
    double goal(int baud) {
      return by(baud, 180, 187, 182);
    }
  },
  ASK(
      "64-byte question and answer, per second",
      Map.of(115_200, 44., 921_600, 112., 3_000_000, 132.)) {
    @Override
    double goal(int baud) {
      return by(baud, 43, 106, 120);
    }
  },
  MAIL("mail body by STARTTLS", Map.of(115_200, 99.7, 921_600, 99.5, 3_000_000, 98.7)) {
    @Override
    double goal(int baud) {
      return by(baud, 98.5, 98, 96);
    }
  };

  private final String title;
  private final Map<Integer, Double> limits;

  Work(String title, Map<Integer, Double> limits) {
    this.title = title;
    this.limits = limits;
  }

  String title() {
    return title;
  }

  /** The most that the model of the line lets through. */
  double limit(int baud) {
    return limits.getOrDefault(baud, Double.NaN);
  }

  /** The share that espat aims for. */
  abstract double goal(int baud);

  private static double by(int baud, double slow, double fast, double fastest) {
    return switch (baud) {
      case 115_200 -> slow;
      case 921_600 -> fast;
      case 3_000_000 -> fastest;
      default -> Double.NaN;
    };
  }
}
