<?xml version="1.0" encoding="UTF-8"?>
<!-- 证据包的第一个文件，给打开它的人看。 -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">涉嫌违法广告线索</xsl:variable>

<xsl:template match="case">
  <h1>涉嫌违法广告线索</h1>
  <p class="notice">本文件夹是<strong>涉嫌违法广告线索</strong>的证据材料，由广告监测程序从其存档中原样取出并封装。程序只提示线索和理由，不认定违法；是否违法，由有权机关依法认定。</p>
  <xsl:if test="copy">
    <p class="notice">本件是证据包 <code><xsl:value-of select="copy/of"/></code> 的<strong>脱敏副本</strong>：第三人的个人信息已遮盖（■）或者整件不附，遮盖与不附的清单见 <code>10-隐私</code>。文书按遮盖后的内容重新制作，其中的摘要是副本内文件的摘要。完整内容以原包为准。</p>
  </xsl:if>
  <table class="fields">
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">证据包</xsl:with-param>
      <xsl:with-param name="value" select="name"/>
    </xsl:call-template>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">案号</xsl:with-param>
      <xsl:with-param name="value" select="number"/>
    </xsl:call-template>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">制作单位</xsl:with-param>
      <xsl:with-param name="value" select="office/name"/>
    </xsl:call-template>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">制作程序</xsl:with-param>
      <xsl:with-param name="value" select="tool"/>
    </xsl:call-template>
    <xsl:call-template name="time-row">
      <xsl:with-param name="label">本包制作</xsl:with-param>
      <xsl:with-param name="at" select="made"/>
    </xsl:call-template>
  </table>
  <h2>里面有什么</h2>
  <table class="fields">
    <tr><th scope="row">01-线索</th><td>线索的逐字内容、规则、历史</td></tr>
    <tr><th scope="row">02-网页存档</th><td>请求与响应，按存档原字节（WARC）；可用网页存档回放软件打开</td></tr>
    <tr><th scope="row">03-法律依据</th><td>看到广告之日有效的条文，未与官方文本核对的有标注</td></tr>
    <tr><th scope="row">04-决定</th><td>审核决定及其摘要链</td></tr>
    <tr><th scope="row">05-截图</th><td>首屏、整页截图；“标注”为加框的副本</td></tr>
    <tr><th scope="row">06-文本</th><td>页面文字及位置</td></tr>
    <tr><th scope="row">07-原件</th><td>移交材料的原件</td></tr>
    <tr><th scope="row">08-环境</th><td>程序、系统、网络环境和操作记录</td></tr>
    <tr><th scope="row">09-文书</th><td>移送函、提取笔录、证据清单、截图固定页、监测情况说明</td></tr>
    <xsl:if test="copy">
      <tr><th scope="row">10-隐私</th><td>遮盖、不附的内容和保留的联系方式，逐件列出</td></tr>
    </xsl:if>
  </table>
  <p class="small">没有相应内容的文件夹不出现。</p>
  <xsl:choose>
    <xsl:when test="night"><xsl:call-template name="night"/></xsl:when>
    <xsl:otherwise>
      <xsl:apply-templates select="findings/finding"/>
      <h2>法律依据</h2>
      <p>以看到广告之日有效的文本为准。</p>
      <xsl:call-template name="provisions"/>
      <h2>网页存档</h2>
      <xsl:apply-templates select="captures/capture"/>
    </xsl:otherwise>
  </xsl:choose>
  <h2>怎样核对</h2>
  <ol>
    <li>用本程序离线核对：<code>adwatch verify 文件名.zip</code>，逐项列出结果。压缩包中任何一个字节被改动，都会被发现。</li>
    <li>不用本程序：解压后在文件夹内执行 <code>sha256sum -c manifest-sha256.txt</code> 和 <code>sha256sum -c tagmanifest-sha256.txt</code>。文件夹符合 BagIt 规范（RFC 8493）。</li>
    <li>网页存档（.warc.gz）符合 ISO 28500，其中每条记录自带 SHA-256 摘要。</li>
    <li>决定记录首尾相接：每条记录的摘要包含前一条的摘要，算法写在 <code>decisions.json</code> 中。</li>
  </ol>
  <p>以上核对能发现封装之后的改动；若有人重新制作整个包，则须核对签名、时间戳，或与制作单位另行保存的摘要比对。</p>
</xsl:template>

<!-- 一夜的线索可有上万条，这里不逐条列出。 -->
<xsl:template name="night">
  <h2>线索</h2>
  <p>本包是一批已确认的线索，共<strong><xsl:value-of select="night"/></strong>条，按网页先后存放，不附文书。查找一条线索：</p>
  <ol>
    <li>线索编号为 N 的，逐字内容、理由和条文编号在 <code>01-线索/finding-N.json</code>，历史在 <code>01-线索/history-N.json</code>。</li>
    <li>其中 <code>capture</code> 是最近一次的存档编号，<code>history-N.json</code> 列有各次的存档编号；编号为 M 的存档在 <code>02-网页存档/capture-M.warc.gz</code>，文字在 <code>06-文本/capture-M.txt</code>，截图在 <code>05-截图</code>。全部存档列在 <code>02-网页存档/captures.json</code>。</li>
    <li>没有收入本包的线索及原因，如有，在 <code>01-线索/left-out.json</code>。</li>
    <li>只知道网址的，在 <code>02-网页存档/captures.json</code> 中查找该网址。</li>
    <li>审核决定在 <code>04-决定/decisions.json</code>，每条注明线索编号；条文在 <code>03-法律依据/provisions.json</code>。</li>
  </ol>
</xsl:template>

<xsl:template match="finding">
  <h2>
    <xsl:text>线索 第</xsl:text>
    <xsl:value-of select="@id"/>
    <xsl:text>号</xsl:text>
  </h2>
  <table class="fields">
    <xsl:apply-templates select="." mode="origin-row"/>
    <xsl:call-template name="row-if"><xsl:with-param name="label">网站</xsl:with-param><xsl:with-param name="value" select="host"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">标题</xsl:with-param><xsl:with-param name="value" select="title"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">渠道</xsl:with-param><xsl:with-param name="value" select="channel"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">监测来源</xsl:with-param><xsl:with-param name="value" select="source"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">审核状态</xsl:with-param><xsl:with-param name="value" select="state"/></xsl:call-template>
    <xsl:call-template name="time-row"><xsl:with-param name="label">首次看到</xsl:with-param><xsl:with-param name="at" select="first-seen"/></xsl:call-template>
    <xsl:call-template name="time-row"><xsl:with-param name="label">最近看到</xsl:with-param><xsl:with-param name="at" select="last-seen"/></xsl:call-template>
    <xsl:call-template name="time-row"><xsl:with-param name="label">不再看到</xsl:with-param><xsl:with-param name="at" select="gone"/></xsl:call-template>
    <xsl:if test="parties/party">
      <tr><th scope="row">页面所载主体</th><td><xsl:call-template name="parties"/></td></tr>
    </xsl:if>
    <xsl:call-template name="row-if"><xsl:with-param name="label">发现所用程序</xsl:with-param><xsl:with-param name="value" select="tool"/></xsl:call-template>
    <xsl:call-template name="digest-row"><xsl:with-param name="label">规则库摘要</xsl:with-param><xsl:with-param name="value" select="lexicon"/></xsl:call-template>
    <xsl:call-template name="digest-row"><xsl:with-param name="label">模型摘要</xsl:with-param><xsl:with-param name="value" select="model"/></xsl:call-template>
  </table>
  <h3>涉嫌内容</h3>
  <p class="small">为便于阅读，控制字符以�代替；逐字原文见 <code>01-线索</code>。</p>
  <xsl:for-each select="claims/claim">
    <table class="fields">
      <tr class="long"><th scope="row">第<xsl:value-of select="@label"/>处</th><td><strong><xsl:value-of select="class"/></strong></td></tr>
      <tr class="long"><th scope="row">原文</th><td><xsl:apply-templates select="." mode="quote"/></td></tr>
      <xsl:if test="string(quote)">
        <tr><th scope="row">位置</th><td><xsl:value-of select="concat('第', @block, '个文字块，第', @start, '至', @end, '个字符（从0起计，不含末位）')"/></td></tr>
      </xsl:if>
      <xsl:call-template name="row-if"><xsl:with-param name="label">规则</xsl:with-param><xsl:with-param name="value" select="concat(rule, ' 第', rule-version, '版')"/></xsl:call-template>
      <xsl:call-template name="row-if"><xsl:with-param name="label">表现代码（待核）</xsl:with-param><xsl:with-param name="value" select="code"/></xsl:call-template>
      <tr><th scope="row">理由</th><td><xsl:for-each select="why"><div><xsl:value-of select="."/></div></xsl:for-each></td></tr>
      <tr><th scope="row">条文</th><td><xsl:for-each select="law"><div><xsl:apply-templates select="." mode="article"/></div></xsl:for-each></td></tr>
    </table>
  </xsl:for-each>
  <h3>审核决定</h3>
  <xsl:for-each select="decisions/decision">
    <table class="fields">
      <xsl:call-template name="time-row"><xsl:with-param name="label">时间</xsl:with-param><xsl:with-param name="at" select="at"/></xsl:call-template>
      <xsl:call-template name="row-if"><xsl:with-param name="label">审核人</xsl:with-param><xsl:with-param name="value" select="who"/></xsl:call-template>
      <xsl:call-template name="row-if"><xsl:with-param name="label">决定</xsl:with-param><xsl:with-param name="value" select="action"/></xsl:call-template>
      <xsl:call-template name="row-if"><xsl:with-param name="label">理由</xsl:with-param><xsl:with-param name="value" select="reason"/></xsl:call-template>
      <xsl:call-template name="row-if"><xsl:with-param name="label">类别</xsl:with-param><xsl:with-param name="value" select="class"/></xsl:call-template>
      <xsl:call-template name="digest-row"><xsl:with-param name="label">前一条摘要</xsl:with-param><xsl:with-param name="value" select="previous"/></xsl:call-template>
      <xsl:call-template name="digest-row"><xsl:with-param name="label">本条摘要</xsl:with-param><xsl:with-param name="value" select="hash"/></xsl:call-template>
    </table>
  </xsl:for-each>
</xsl:template>

<xsl:template match="capture">
  <table class="fields">
    <xsl:call-template name="row-if"><xsl:with-param name="label">存档编号</xsl:with-param><xsl:with-param name="value" select="@id"/></xsl:call-template>
    <xsl:call-template name="time-row"><xsl:with-param name="label"><xsl:choose><xsl:when test="@part = 'hand-in'">收到时间</xsl:when><xsl:otherwise>取得时间</xsl:otherwise></xsl:choose></xsl:with-param><xsl:with-param name="at" select="at"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="@part = 'hand-in'"><tr><th scope="row">来源</th><td>移交材料，未经网络请求</td></tr></xsl:when>
      <xsl:otherwise><xsl:call-template name="row-if"><xsl:with-param name="label">网址</xsl:with-param><xsl:with-param name="value" select="url"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="row-if"><xsl:with-param name="label">服务器地址</xsl:with-param><xsl:with-param name="value" select="ip"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">证书主体</xsl:with-param><xsl:with-param name="value" select="certificate"/></xsl:call-template>
    <xsl:if test="not(@part = 'hand-in')"><xsl:call-template name="row-if"><xsl:with-param name="label">HTTP状态</xsl:with-param><xsl:with-param name="value" select="status"/></xsl:call-template></xsl:if>
    <xsl:call-template name="row-if"><xsl:with-param name="label">内容类型</xsl:with-param><xsl:with-param name="value" select="mime"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">正文字节数</xsl:with-param><xsl:with-param name="value" select="bytes"/></xsl:call-template>
    <xsl:call-template name="digest-row"><xsl:with-param name="label">正文SHA-256</xsl:with-param><xsl:with-param name="value" select="sha256"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">本包中的文件</xsl:with-param><xsl:with-param name="value" select="concat('02-网页存档/capture-', @id, '.warc.gz')"/></xsl:call-template>
    <xsl:call-template name="row-if"><xsl:with-param name="label">原存档文件</xsl:with-param><xsl:with-param name="value" select="concat(warc, '，第', warc-offset, '字节起')"/></xsl:call-template>
  </table>
</xsl:template>

<!-- A law by its name and article; by its id where the lexicon has none for that
     day. -->
<xsl:template match="law" mode="article">
  <xsl:variable name="id" select="string(.)"/>
  <xsl:variable name="cited" select="ancestor::finding//provision[@id = $id][1]"/>
  <xsl:choose>
    <xsl:when test="$cited">
      <xsl:value-of select="concat($cited[1]/law, $cited[1]/article)"/>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="$id"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

</xsl:stylesheet>
