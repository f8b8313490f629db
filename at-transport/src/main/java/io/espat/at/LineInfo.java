package io.espat.at;

/**
 * How the line to a module is set, and how that was found out.
 *
 * @param baud the speed now, 0 where the carrier has none that could be set (a serial port server)
 * @param openedAt the speed at which the module was found and which it gets back at close; else 0
 * @param rtsCts whether each side has been seen to hold the other one back by RTS/CTS
 * @param speed how the speed came about, in words
 * @param flow how it was found out that RTS/CTS works or does not, in words
 */
public record LineInfo(int baud, int openedAt, boolean rtsCts, String speed, String flow) {}
