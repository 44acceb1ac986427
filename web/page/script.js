// Traditional characters are no disguise. Only pairs that stand here count as
// the same: 宝 for 保 is one character for another too, and has to be seen.
const PAIRS = new Map(`證证 穩稳 賺赚 無无 風风 險险 賠赔 虧亏 損损 領领 導导 獲获 報报 財财 資资 產产 項项 錢钱 賬账 貸贷 債债 購购 買买 賣卖 貨货 費费
  價价 額额 點点 擔担 償偿 還还 業业 務务 總总 體体 國国 際际 銀银 開开 關关 時时 間间 會会 員员 專专 學学 習习 過过 進进 達达 選选 連连 運运
  來来 個个 們们 對对 為为 於于 與与 從从 這这 裡里 後后 將将 當当 實实 現现 發发 動动 勞劳 機机 構构 權权 條条 約约 級级 給给 經经 絕绝 續续 結结
  線线 網网 義义 聯联 聽听 腦脑 萬万 億亿 兩两 雙双 幾几 單单 號号 變变 說说 請请 講讲 讓让 設设 計计 認认 論论 諮咨 詢询 課课 談谈 質质 贏赢 漲涨
  躍跃 車车 軟软 轉转 輕轻 較较 輸输 電电 須须 顧顾 額额 類类 驗验 龍龙 優优 傳传 備备 債债 準准 減减 滿满 熱热 獎奖 環环 畫画 監监 盤盘 節节
  紅红 純纯 統统 織织 羅罗 聲声 職职 舉举 藝艺 處处 術术 製制 複复 見见 規规 視视 親亲 覺觉 觀观 記记 許许 訊讯 評评 試试 該该 誠诚 誤误 調调 譽誉`
  .split(/\s+/).map((pair) => [...pair]));

export function byScriptAlone(quote, normalised) {
  const [was, is] = [[...quote], [...normalised]];
  return was.length === is.length && was.every((char, i) => char === is[i] || PAIRS.get(char) === is[i]);
}
