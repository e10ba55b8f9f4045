// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * The two ends of a transfer, started inside namespaces: {@code tcp-receive PORT}, {@code tcp-send
 * HOST PORT BYTES}, {@code tcp-serve PORT BYTES}, {@code udp-receive PORT COUNT}, {@code udp-send
 * HOST PORT COUNT}. Both ends print how much there was and its checksum.
 */
public final class Transfer {
    private static final int CHUNK = 1 << 16;
    private static final int DATAGRAM = 1200;
    private static final int TIMEOUT_MILLIS = 20_000;

    private Transfer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        switch (args[0]) {
            case "tcp-receive" -> receiveTcp(Integer.parseInt(args[1]));
            case "tcp-send" -> sendTcp(args[1], Integer.parseInt(args[2]), Long.parseLong(args[3]));
            case "tcp-serve" -> serveTcp(Integer.parseInt(args[1]), Long.parseLong(args[2]));
            case "udp-receive" -> receiveUdp(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            case "udp-send" ->
                    sendUdp(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void receiveTcp(int port) throws IOException {
        MessageDigest sum = sha256();
        long bytes = 0;
        try (ServerSocket server = new ServerSocket(port)) {
            server.setSoTimeout(TIMEOUT_MILLIS);
            System.out.println("listening");
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                InputStream in = socket.getInputStream();
                byte[] chunk = new byte[CHUNK];
                for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                    sum.update(chunk, 0, n);
                    bytes += n;
                }
            }
        }
        System.out.println("received " + bytes + " " + hex(sum));
    }

    private static void sendTcp(String host, int port, long bytes) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            send(socket, bytes);
        }
    }

    /** Sends to the one who connects. */
    private static void serveTcp(int port, long bytes) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            server.setSoTimeout(TIMEOUT_MILLIS);
            System.out.println("listening");
            try (Socket socket = server.accept()) {
                send(socket, bytes);
            }
        }
    }

    private static void send(Socket socket, long bytes) throws IOException {
        MessageDigest sum = sha256();
        byte[] chunk = new byte[CHUNK];
        Random random = new Random(bytes);
        try (OutputStream out = socket.getOutputStream()) {
            for (long left = bytes; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                int n = (int) Math.min(left, CHUNK);
                sum.update(chunk, 0, n);
                out.write(chunk, 0, n);
            }
        }
        System.out.println("sent " + bytes + " " + hex(sum));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(MessageDigest sum) {
        return HexFormat.of().formatHex(sum.digest());
    }

    private static void receiveUdp(int port, int count) throws IOException {
        MessageDigest sum = sha256();
        long bytes = 0;
        try (DatagramSocket socket = new DatagramSocket(port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setReceiveBufferSize(1 << 20);
            System.out.println("listening");
            DatagramPacket packet = new DatagramPacket(new byte[CHUNK], CHUNK);
            for (int i = 0; i < count; i++) {
                socket.receive(packet);
                sum.update(packet.getData(), 0, packet.getLength());
                bytes += packet.getLength();
            }
        }
        System.out.println("received " + bytes + " " + hex(sum));
    }

    private static void sendUdp(String host, int port, int count)
            throws IOException, InterruptedException {
        MessageDigest sum = sha256();
        byte[] data = new byte[DATAGRAM];
        long bytes = 0;
        InetSocketAddress target = new InetSocketAddress(host, port);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
                ByteBuffer.wrap(data).putInt(i);
                sum.update(data);
                socket.send(new DatagramPacket(data, data.length, target));
                bytes += data.length;
                // Paced: the receiver shares the core.
                Thread.sleep(1);
            }
        }
        System.out.println("sent " + bytes + " " + hex(sum));
    }
}
