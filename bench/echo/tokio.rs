// echo/tokio.rs PORT BUFFER - Tokio
//
// Config: the current-thread runtime, a task for every connection, a buffer of
// BUFFER bytes each. TCP_NODELAY.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

async fn echo(mut peer: TcpStream, size: usize) {
    let mut buffer = vec![0u8; size];
    loop {
        match peer.read(&mut buffer).await {
            Ok(got) if got > 0 => {
                if peer.write_all(&buffer[..got]).await.is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

async fn serve(port: u16, size: usize) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], port).into())?;
    let listener = socket.listen(4096)?;
    loop {
        let (peer, _) = listener.accept().await?;
        peer.set_nodelay(true)?;
        tokio::spawn(echo(peer, size));
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|a| a.parse().ok()).unwrap_or(7777);
    let size = arguments.next().and_then(|a| a.parse().ok()).unwrap_or(4096);
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap()
        .block_on(serve(port, size))
        .unwrap();
}
