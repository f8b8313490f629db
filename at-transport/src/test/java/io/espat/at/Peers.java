package io.espat.at;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP server on loopback that runs the same few lines for each connection. */
final class Peers implements Closeable {

  /** What a connection does; it is closed afterwards. */
  @FunctionalInterface
  interface Play {
    void with(Socket socket) throws IOException;
  }

  private final ServerSocket server;
  private final CopyOnWriteArrayList<Socket> sockets = new CopyOnWriteArrayList<>();

  Peers(Play play) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(() -> accept(play));
  }

  static Peers echo() throws IOException {
    return new Peers(
        socket -> {
          socket.getInputStream().transferTo(socket.getOutputStream());
        });
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept(Play play) {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        start(() -> play(play, socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void play(Play play, Socket socket) {
    try (socket) {
      play.with(socket);
    } catch (IOException e) {
      // the other side ended it, which is what some tests are about
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test peer");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
